# An old name of an option.
{
  imports = [ ../base.nix ];
  sops.age.keyFile = null;
  sops.gnupgHome = "/root/.gnupg";
  sops.secrets.db_password = { };
}
