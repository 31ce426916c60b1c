# A placeholder of no secret.
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.tokn;
}
