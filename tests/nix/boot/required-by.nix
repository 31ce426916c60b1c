# Units that must not start without their secrets.
{
  imports = [ ./base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.api_key.restartUnits = [ "app.service" ];
  sops.requiredBy = [
    "app.service"
    "manual.service"
  ];
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "/bin/sh -c 'test -s /run/secrets/api_key && exec sleep 1000'";
  };
  systemd.services.manual = {
    unitConfig.StartLimitIntervalSec = 0;
    serviceConfig.ExecStart = "/bin/sleep 1000";
  };
}
