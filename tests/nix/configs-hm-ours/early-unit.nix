# Units that come before basic.target themselves may be waited for.
# holds: "basic.target" in field("sops-nix.service", "Before")
# holds: r["warnings"] == []
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
  systemd.user.services.sops-nix.Unit.After = [ "gpg-agent.socket" ];
  systemd.user.services.early = {
    Unit.DefaultDependencies = false;
    Unit.Before = [ "sops-nix.service" ];
    Service.ExecStart = "/bin/true";
  };
}
