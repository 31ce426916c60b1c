{ lib, ... }:
{
  home.username = "alice";
  sops.defaultSopsFile = lib.mkDefault ./files/secrets.yaml;
  sops.age.keyFile = lib.mkDefault "/home/alice/.config/sops/age/keys.txt";
}
