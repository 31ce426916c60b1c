# The hash of the sops file for restartTriggers.
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  systemd.services.app.restartTriggers = [ config.sops.secrets.token.sopsFileHash ];
}
