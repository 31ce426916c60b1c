# As base.nix, for home-manager.
{ lib, ... }:
{
  home.username = "alice";
  sops.defaultSopsFile = lib.mkDefault ./secrets.yaml;
  sops.age.keyFile = lib.mkDefault "/home/alice/.config/sops/age/keys.txt";
}
