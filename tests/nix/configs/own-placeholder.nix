# A placeholder of one's own.
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.db_password = { };
  sops.placeholder.db_password = "@db_password@";
  sops.templates.a.content = "x ${config.sops.placeholder.db_password}";
}
