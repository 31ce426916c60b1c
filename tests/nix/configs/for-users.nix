# A password needed before users exist.
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.alice_password.neededForUsers = true;
  sops.secrets.token = { };
  users.users.alice = {
    isNormalUser = true;
    hashedPasswordFile = config.sops.secrets.alice_password.path;
  };
}
