# Another age program.
# warning: age.ageBin is not used
{ pkgs, ... }:
{
  imports = [ ../base-age.nix ];
  age.ageBin = "${pkgs.rage}/bin/rage";
  age.secrets.one.file = ../files/one.age;
}
