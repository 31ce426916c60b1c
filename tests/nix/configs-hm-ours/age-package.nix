# Another age.
# warning: age.package is not used
{ pkgs, ... }:
{
  imports = [ ../base-hm-age.nix ];
  age.package = pkgs.rage;
  age.secrets.one.file = ../files/one.age;
}
