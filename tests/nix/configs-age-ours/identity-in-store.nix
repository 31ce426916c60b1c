# A private key that everyone can read.
# warning: age.identityPaths: the private key /nix/store/
{ lib, ... }:
{
  imports = [ ../base-age.nix ];
  age.identityPaths = lib.mkForce [ "${../base-age.nix}" ];
  age.secrets.one.file = ../files/one.age;
}
