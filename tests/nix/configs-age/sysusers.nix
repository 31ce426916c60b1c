# A unit with systemd-sysusers.
{
  imports = [ ../base-age.nix ];
  systemd.sysusers.enable = true;
  age.secrets.one.file = ../files/one.age;
}
