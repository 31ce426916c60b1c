# A path that is no string is not copied to the store.
# holds: r["manifest"]["ageIdentityPaths"] == ["/run/age-keys.txt"]
# holds: r["warnings"] == []
{ lib, ... }:
{
  imports = [ ../base-age.nix ];
  age.identityPaths = lib.mkForce [ /run/age-keys.txt ];
  age.secrets.one.file = ../files/one.age;
}
