# A placeholder in a unit.
# build: unit/app.service
# build: token
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = "x";
  systemd.services.app.environment.TOKEN = config.sops.placeholder.token;
}
