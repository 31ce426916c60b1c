# What checks when the home is built is not what is installed, as in homes for another platform.
# holds: all("validator" in t["checkPhase"] for t in r["texts"].values() if "manifest.json" in t["name"])
# unbuilt: the packages are no programs
{ pkgs, ... }:
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
  sops.validationPackage = pkgs.hostTools "validator" [ "true" ];
  age.secrets.one.file = ../files/one.age;
  age.validationPackage = pkgs.hostTools "validator" [ "true" ];
}
