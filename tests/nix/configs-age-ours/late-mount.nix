# A key on a mount that comes late.
# warning: the key /persist/key lies on the mount /persist
{
  imports = [ ../base-age.nix ];
  age.identityPaths = [ "/persist/key" ];
  fileSystems."/persist".device = "/dev/sdb1";
  age.secrets.one.file = ../files/one.age;
}
