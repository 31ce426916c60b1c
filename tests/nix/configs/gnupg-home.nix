# A GnuPG key ring.
{
  imports = [ ../base.nix ];
  sops.age.keyFile = null;
  sops.gnupg.home = "/root/.gnupg";
  sops.secrets.db_password = { };
}
