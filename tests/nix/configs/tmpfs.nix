# tmpfs in place of ramfs.
{
  imports = [ ../base.nix ];
  sops.useTmpfs = true;
  sops.secrets.db_password = { };
}
