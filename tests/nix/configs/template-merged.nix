# Text of a template from two modules.
{ config, lib, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a.content = lib.mkMerge [
    "first"
    (lib.mkAfter "last ${config.sops.placeholder.token}")
  ];
}
