# A file that another module puts into /etc is a template: it is rendered elsewhere.
{ config, pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  environment.etc."app.conf".source =
    pkgs.writeText "app.conf" "password ${config.sops.placeholder.token}";
  sops.templates.app.file = config.environment.etc."app.conf".source;
}
