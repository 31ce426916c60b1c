# Whoever says that it is meant gets no warning.
# holds: "sysinit.target" not in field("sops-install-secrets.service", "Before")
# holds: r["warnings"] == []
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.beforeSysinit = false;
  sops.secrets.token = { };
  systemd.services.sops-install-secrets.after = [ "network-online.target" ];
}
