# A template in a folder.
# holds: template("app/conf.d/x.conf")["path"] == "/run/secrets/rendered/app/conf.d/x.conf"
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates."app/conf.d/x.conf".content = config.sops.placeholder.token;
}
