# The file has another name than the attribute.
{
  imports = [ ../base.nix ];
  sops.secrets.db_password.name = "db/pass";
}
