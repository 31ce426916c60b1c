# A template alone that is needed for users: the same conditions as for a secret.
# assertion: systemd.sysusers.enable in combination with
# warning: the key /persist/key lies on the mount /persist
{ config, ... }:
{
  imports = [ ../base.nix ];
  systemd.sysusers.enable = true;
  users.mutableUsers = false;
  sops.age.keyFile = "/persist/key";
  fileSystems."/persist".device = "/dev/sdb1";
  sops.secrets.token = { };
  sops.templates.a = {
    neededForUsers = true;
    content = config.sops.placeholder.token;
  };
}
