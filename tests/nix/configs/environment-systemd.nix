# Variables of the unit.
{
  imports = [ ../base.nix ];
  sops.environment.SOPS_TEST = "a b";
  sops.useSystemdActivation = true;
  sops.secrets.db_password = { };
}
