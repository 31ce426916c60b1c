# Placeholders in descriptions, activation scripts, units of other kinds, and files that a unit names.
# build: unit/described.service:2:6
# build: unit/started.service:/nix/store/
# build: -run.sh:3:7
# build: unit/configured.service:/nix/store/
# build: unit/timed.timer:
# build: user-unit/mine.service:
# build: activation/greet:1:6
{ config, pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  systemd.services.described.description = "with ${config.sops.placeholder.token}";
  systemd.services.started.serviceConfig.ExecStart = pkgs.writeShellScript "run.sh" ''
    echo
    echo '${config.sops.placeholder.token}'
  '';
  systemd.services.configured.script = "app --config=${pkgs.writeText "app.conf" config.sops.placeholder.token}";
  systemd.timers.timed.timerConfig.X = config.sops.placeholder.token;
  systemd.user.services.mine.environment.TOKEN = config.sops.placeholder.token;
  system.activationScripts.greet = "echo ${config.sops.placeholder.token}";
}
