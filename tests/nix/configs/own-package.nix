# A package set by hand.
{ pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.package = pkgs.age;
  sops.secrets.token = { };
}
