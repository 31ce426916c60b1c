# What the configurations have in common: a user, a key, a file with secrets.
{ lib, ... }:
{
  users.users.app = {
    isSystemUser = true;
    group = "app";
  };
  users.groups.app = { };
  sops.defaultSopsFile = lib.mkDefault ./files/secrets.yaml;
  sops.age.keyFile = lib.mkDefault "/run/age-keys.txt";
}
