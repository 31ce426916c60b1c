# A placeholder in /etc.
# build: etc/app/app.conf
# build: token
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = "x";
  environment.etc."app/app.conf".text = "password = ${config.sops.placeholder.token}";
}
