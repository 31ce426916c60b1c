# Links outside of /run/secrets.
{
  imports = [ ../base.nix ];
  sops.secrets.db_password.path = "/etc/app/password";
  sops.secrets.api_key.path = "/var/lib/app/key";
}
