# A service whose order follows from our unit's, which by default follows from that of all services: said outright, it does not.
# holds: "x.service" in field("follower.service", "Before")
{ config, lib, ... }:
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.beforeSysinit = true;
  sops.secrets.token = { };
  systemd.services.follower = {
    serviceConfig.ExecStart = "/bin/true";
    before = lib.optional (lib.elem "sysinit.target" config.systemd.services.sops-install-secrets.before) "x.service";
  };
}
