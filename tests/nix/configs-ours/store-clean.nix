# No placeholder where nothing renders it.
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  environment.etc."app.conf".text = "path = ${config.sops.templates.a.path}";
}
