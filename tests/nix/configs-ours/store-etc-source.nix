# A placeholder in a file of /etc.
# build: etc/app.conf
{ config, pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = "x";
  environment.etc."app.conf".source = pkgs.writeText "x" config.sops.placeholder.token;
}
