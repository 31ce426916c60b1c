# Activation scripts: users, dry activation, and what fails is seen.
{ config, ... }:
{
  imports = [ ./base.nix ];
  sops.secrets.api_key = {
    owner = "app";
    restartUnits = [ "app.service" ];
  };
  sops.secrets.alice_password.neededForUsers = true;
  sops.templates."app.env".content = "API_KEY=${config.sops.placeholder.api_key}\n";
  sops.requiredBy = [ "app.service" ];
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      EnvironmentFile = config.sops.templates."app.env".path;
      ExecStart = "/bin/sleep 1000";
    };
  };
}
