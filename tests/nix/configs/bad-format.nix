# A format that does not exist.
{
  imports = [ ../base.nix ];
  sops.secrets.token.format = "toml";
}
