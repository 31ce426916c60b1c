# A GnuPG key ring and a unit.
{
  imports = [ ../base.nix ];
  sops.age.keyFile = null;
  sops.gnupg.home = "/root/.gnupg";
  sops.useSystemdActivation = true;
  sops.secrets.db_password = { };
}
