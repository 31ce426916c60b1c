# A target that waits for the service that it pulls in.
# holds: "sysinit.target" not in field("sops-install-secrets.service", "Before")
# warning: waits for keys.target: other services
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  systemd.targets.keys = { };
  systemd.services.fetch-key = {
    wantedBy = [ "keys.target" ];
    serviceConfig.ExecStart = "/bin/true";
  };
  systemd.services.sops-install-secrets.after = [ "keys.target" ];
}
