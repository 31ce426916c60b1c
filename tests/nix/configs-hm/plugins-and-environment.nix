# Plugins and variables.
{ pkgs, ... }:
{
  imports = [ ../base-hm.nix ];
  sops.age.plugins = [ pkgs.age-plugin-yubikey ];
  sops.environment.X = "y";
  sops.secrets.token = { };
}
