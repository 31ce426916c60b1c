# agenix's options, with units.
{ config, pkgs, ... }:
{
  imports = [ ./base.nix ];
  services.userborn.enable = true;
  age.identityPaths = [ "/run/age-keys.txt" ];
  age.secrets.one = {
    file = ../files/one.age;
    owner = "late";
  };
  age.secrets.two = {
    file = ../files/two.age;
    path = "/etc/app/two";
    symlink = false;
    mode = "u=r,g=r";
    owner = "late";
  };
  age.templates."app.conf" = {
    owner = "late";
    content = "two = ${config.age.placeholder.two}\n";
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
      ExecStart = pkgs.writeShellScript "users" ''
        set -e
        stat -Lc %U:%a /run/agenix/one > /run/seen-before-users
        useradd -M -g app late
      '';
    };
  };
}
