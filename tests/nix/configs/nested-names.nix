# A name with slashes is a key path too.
{
  imports = [ ../base.nix ];
  sops.secrets."nested/test/file" = { };
  sops.secrets.renamed.key = "nested/test/file";
  sops.secrets.item.key = "peers/0/psk";
}
