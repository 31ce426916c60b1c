# A secret for templates alone.
# holds: secret("token")["install"] is False
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token.install = false;
  sops.templates.a.content = config.sops.placeholder.token;
}
