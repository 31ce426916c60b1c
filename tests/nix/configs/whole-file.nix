# An empty key is the whole file.
{
  imports = [ ../base.nix ];
  sops.secrets.all.key = "";
}
