# No sops file is named.
{ lib, ... }:
{
  imports = [ ../base.nix ];
  sops.defaultSopsFile = lib.mkForce null;
  sops.secrets.token = { };
}
