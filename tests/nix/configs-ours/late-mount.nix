# A key on a mount that comes late.
# warning: the key /persist/keys/age.txt lies on the mount /persist
{
  imports = [ ../base.nix ];
  sops.age.keyFile = "/persist/keys/age.txt";
  fileSystems."/persist".device = "/dev/sdb1";
  sops.secrets.token = { };
}
