# The text of a template in /etc, where its `path` was meant.
# build: etc/app.conf:1:1
{ config, pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  environment.etc."app.conf".source = config.sops.templates.a.file;
}
