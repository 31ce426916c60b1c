# A service with an EnvironmentFile=, started as early as services are. Valid for sops-nix too.
{ config, ... }:
{
  imports = [ ./base.nix ];
  services.userborn.enable = true;
  sops.secrets.api_key = { };
  sops.templates."app.env".content = "API_KEY=${config.sops.placeholder.api_key}\n";
  systemd.services.app = {
    wantedBy = [ "basic.target" ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      EnvironmentFile = config.sops.templates."app.env".path;
      ExecStart = "/bin/sh -c 'test \"$API_KEY\" = key-of-api'";
    };
  };
}
