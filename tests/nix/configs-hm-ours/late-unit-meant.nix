# Whoever says that it is meant gets no warning.
# holds: "basic.target" not in field("sops-nix.service", "Before")
# holds: r["warnings"] == []
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
  sops.beforeBasic = false;
  systemd.user.services.sops-nix.Unit.After = [ "fetch-key.service" ];
}
