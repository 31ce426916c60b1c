# A script although userborn is there.
{
  imports = [ ../base.nix ];
  services.userborn.enable = true;
  sops.useSystemdActivation = false;
  sops.secrets.db_password = { };
}
