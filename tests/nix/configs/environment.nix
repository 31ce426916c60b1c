# Variables of the installer.
{
  imports = [ ../base.nix ];
  sops.environment.SOPS_TEST = "a b";
  sops.environment.FROM_FILE = ../files/template.conf;
  sops.secrets.db_password = { };
}
