# Passwords and a template before users exist. The unit that makes users stands in for systemd-sysusers.
{ config, pkgs, ... }:
{
  imports = [ ./base.nix ];
  systemd.sysusers.enable = true;
  sops.secrets.alice_password = {
    neededForUsers = true;
    # Counts for nothing, as with sops-nix: it is there before users are.
    owner = "late";
  };
  sops.secrets.token.owner = "late";
  sops.templates."late.conf" = {
    neededForUsers = true;
    owner = "late";
    content = "${config.sops.placeholder.alice_password} ${config.sops.placeholder.token}";
  };
  sops.templates."normal.conf".content = config.sops.placeholder.alice_password;
  users.users.late = {
    isSystemUser = true;
    group = "app";
  };
  systemd.services.systemd-sysusers = {
    wantedBy = [ "sysinit.target" ];
    before = [ "sysinit.target" ];
    unitConfig.DefaultDependencies = "no";
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = pkgs.writeShellScript "users" ''
        set -e
        stat -c %U:%a /run/secrets-for-users/rendered/late.conf > /run/seen-before-users
        useradd -M -g app late
        useradd -M -p "$(cat /run/secrets-for-users/alice_password)" alice
      '';
    };
  };
}
