# A unit, as userborn asks for.
{
  imports = [ ../base.nix ];
  services.userborn.enable = true;
  sops.secrets.db_password = { };
}
