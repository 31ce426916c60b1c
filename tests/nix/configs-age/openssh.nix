# Host keys as the default.
{ config, lib, ... }:
{
  imports = [ ../base-age.nix ];
  age.identityPaths = lib.mkForce (map (k: k.path) config.services.openssh.hostKeys);
  services.openssh.enable = true;
  age.secrets.one.file = ../files/one.age;
}
