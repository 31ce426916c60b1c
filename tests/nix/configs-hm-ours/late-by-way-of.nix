# A unit without default dependencies that itself waits for the session.
# holds: "basic.target" not in field("sops-nix.service", "Before")
# warning: waits for unlock.service: other services
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
  systemd.user.services.unlock = {
    Unit.DefaultDependencies = false;
    Unit.Before = [ "sops-nix.service" ];
    Unit.After = [ "graphical-session.target" ];
    Service.ExecStart = "/bin/true";
  };
}
