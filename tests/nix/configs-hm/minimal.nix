# One secret.
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
}
