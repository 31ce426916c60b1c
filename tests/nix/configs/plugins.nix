# An age plugin.
{ pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.age.plugins = [ pkgs.age-plugin-yubikey ];
  sops.secrets.db_password = { };
}
