# What is disabled is not there.
{ config, pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  systemd.services.off = {
    enable = false;
    environment.TOKEN = config.sops.placeholder.token;
  };
  environment.etc.off = {
    enable = false;
    text = config.sops.placeholder.token;
  };
}
