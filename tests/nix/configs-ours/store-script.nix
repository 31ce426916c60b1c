# A placeholder in the script of a unit.
# build: unit/app.service
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = "x";
  systemd.services.app.script = "login '${config.sops.placeholder.token}'";
}
