# agenix's options: one of the files cannot be decrypted.
{
  imports = [ ./base.nix ];
  services.userborn.enable = true;
  age.identityPaths = [ "/run/age-keys.txt" ];
  age.requiredBy = [ "app.service" ];
  age.secrets.one = {
    file = ../files/one.age;
    owner = "late";
  };
  age.secrets.foreign = {
    # Not there, which is like a file for somebody else.
    file = "/run/foreign.age";
    owner = "app";
  };
  users.users.late = {
    isSystemUser = true;
    group = "app";
  };
  systemd.services.userborn = {
    wantedBy = [ "sysinit.target" ];
    before = [ "sysinit.target" ];
    unitConfig.DefaultDependencies = "no";
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = "/usr/sbin/useradd -M -g app late";
    };
  };
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      Type = "oneshot";
      ExecStart = "/bin/sh -c 'echo > /run/app-started'";
    };
  };
}
