# The key is fetched by a service as other services are: after sysinit.target, and before the secrets are installed. Valid for
# sops-nix too.
{ config, ... }:
{
  imports = [ ./base.nix ];
  services.userborn.enable = true;
  sops.age.keyFile = "/var/lib/fetched/key.txt";
  sops.secrets.api_key = { };
  systemd.services.fetch-key = {
    wantedBy = [ "multi-user.target" ];
    before = [ "sops-install-secrets.service" ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = "/bin/sh -c 'sleep 0.2; mkdir -p /var/lib/fetched; cp /run/age-keys.txt /var/lib/fetched/key.txt'";
    };
  };
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    after = [ "sops-install-secrets.service" ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = "/bin/sh -c 'test \"$(cat ${config.sops.secrets.api_key.path})\" = key-of-api'";
    };
  };
}
