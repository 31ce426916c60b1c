# An owner that the configuration does not know.
{
  imports = [ ../base.nix ];
  sops.secrets.token.owner = "nobody-here";
}
