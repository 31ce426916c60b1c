# No identity.
{ lib, ... }:
{
  imports = [ ../base-age.nix ];
  age.identityPaths = lib.mkForce [ ];
  age.secrets.one.file = ../files/one.age;
}
