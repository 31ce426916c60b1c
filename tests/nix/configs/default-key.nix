# One key for all secrets.
{
  imports = [ ../base.nix ];
  sops.defaultSopsKey = "token";
  sops.secrets.a = { };
  sops.secrets.b.key = "api_key";
}
