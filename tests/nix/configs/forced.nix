# Priorities and conditions merge as ever.
{ lib, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets = lib.mkMerge [
    (lib.mkIf true { token.mode = lib.mkDefault "0400"; })
    { token.mode = "0444"; }
    (lib.mkIf false { api_key = { }; })
  ];
}
