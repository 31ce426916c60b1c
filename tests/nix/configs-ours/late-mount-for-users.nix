# Users wait for the unit, so it cannot wait for the mount.
# warning: the key /persist/keys/age.txt lies on the mount /persist
{
  imports = [ ../base.nix ];
  sops.age.keyFile = "/persist/keys/age.txt";
  fileSystems."/persist".device = "/dev/sdb1";
  services.userborn.enable = true;
  sops.secrets.alice_password.neededForUsers = true;
}
