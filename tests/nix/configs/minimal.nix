# One secret.
{
  imports = [ ../base.nix ];
  sops.secrets.db_password = { };
}
