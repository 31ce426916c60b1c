# Templates.
{ config, ... }:
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  sops.templates.b = {
    path = "/home/alice/.b.conf";
    mode = "0600";
    content = "b";
  };
}
