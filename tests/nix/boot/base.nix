# What the machines of these tests have in common. Its user comes from setup.sh, as from a systemd that is not NixOS'.
{ lib, ... }:
{
  users.users.app = {
    isSystemUser = true;
    group = "app";
  };
  users.groups.app = { };
  sops.defaultSopsFile = ../files/secrets.yaml;
  sops.age.keyFile = lib.mkDefault "/run/age-keys.txt";
}
