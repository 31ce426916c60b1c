# A unit that waits for one after sysinit.target is not done before it: the circle would leave one of them out.
# holds: "sysinit.target" not in field("sops-install-secrets.service", "Before")
# holds: {"sysinit-reactivation.target", "app.service"} <= set(field("sops-install-secrets.service", "Before"))
# warning: waits for network-online.target, fetch-key.service: other services
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  sops.requiredBy = [ "app.service" ];
  systemd.services.fetch-key = {
    before = [ "sops-install-secrets.service" ];
    serviceConfig.ExecStart = "/bin/true";
  };
  systemd.services.sops-install-secrets.after = [ "network-online.target" ];
}
