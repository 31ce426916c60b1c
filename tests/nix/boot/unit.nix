# The unit: owners, templates, links, restarts, credentials.
{ config, ... }:
{
  imports = [ ./base.nix ];
  services.userborn.enable = true;
  sops.onFailure = "abort";
  sops.secrets.api_key = {
    owner = "app";
    restartUnits = [ "app.service" ];
  };
  sops.secrets.token = {
    mode = "0440";
    group = "keys";
    paths = [
      "/etc/app/token"
      "/etc/app/token2"
    ];
  };
  sops.secrets.db_password.install = false;
  sops.secrets.copied = {
    key = "token";
    symlink = false;
    path = "/etc/app/copied";
  };
  sops.secrets.handed = {
    key = "token";
    credential = {
      unit = "dynamic.service";
      id = "token";
    };
  };
  sops.templates."app.env" = {
    owner = "app";
    restartUnits = [ "app.service" ];
    content = ''
      API_KEY=${config.sops.placeholder.api_key}
    '';
  };
  sops.secrets.number = {
    install = false;
    sopsFile = ../files/secrets.json;
    format = "json";
  };
  sops.templates."numbers.json".json = {
    number._raw = config.sops.placeholder.number;
    text = config.sops.placeholder.number;
  };
  sops.templates."deep/er/app.conf" = {
    path = "/etc/app/app.conf";
    content = "pass ${config.sops.placeholder.db_password};";
  };
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      User = "app";
      RuntimeDirectory = "app";
      EnvironmentFile = config.sops.templates."app.env".path;
      ExecStart = "/bin/sh -c 'env > /run/app/env; exec sleep 1000'";
    };
  };
  systemd.services.dynamic = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      DynamicUser = true;
      StateDirectory = "dynamic";
      ExecStart = "/bin/sh -c 'cat \"$CREDENTIALS_DIRECTORY/token\" > /var/lib/dynamic/seen; exec sleep 1000'";
    };
  };
}
