# Templates in every form that sops-nix knows.
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.db_password = { };
  sops.secrets.api_key.owner = "app";
  sops.secrets."nested/test/file" = { };
  sops.templates."app.env" = {
    owner = "app";
    restartUnits = [ "app.service" ];
    content = ''
      DB=${config.sops.placeholder.db_password}
      KEY=${config.sops.placeholder.api_key}
    '';
  };
  sops.templates."app.conf" = {
    path = "/etc/app/app.conf";
    mode = "0440";
    group = "app";
    content = "file ${config.sops.placeholder."nested/test/file"}";
    reloadUnits = [ "app.service" ];
  };
  sops.templates.by-number = {
    uid = 4242;
    gid = 4343;
    content = "x";
  };
  sops.templates.from-file.file = ../files/template.conf;
}
