# A target of the configuration that waits for the network.
# holds: "sysinit.target" not in field("sops-install-secrets.service", "Before")
# warning: waits for net-ready.target: other services
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  systemd.targets.net-ready = {
    after = [ "network-online.target" ];
    before = [ "sops-install-secrets.service" ];
  };
}
