# An age plugin of the unit.
{ pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.age.plugins = [ pkgs.age-plugin-yubikey ];
  sops.useSystemdActivation = true;
  sops.secrets.db_password = { };
}
