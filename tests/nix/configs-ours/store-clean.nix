# No placeholder where nothing renders it.
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  environment.etc."app.conf".text = "path = ${config.sops.templates.a.path}";
  # What only speaks of tokens is none.
  environment.etc."manual.txt".text = "<SOPS:sha256(name):PLACEHOLDER>";
}
