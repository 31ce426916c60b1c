# Text and file: sops-nix takes the text.
{ config, ... }:
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    content = config.sops.placeholder.token;
    file = ../files/template.conf;
  };
}
