# A package of another program, whose name says nothing.
# build: has no program bin/sops-inlay: the package
{ pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.package = pkgs.age;
}
