# What sops-install-secrets.service waits for that comes after sysinit.target.
{
  config,
  options,
  lib,
}:
import ./late.nix { inherit config options lib; } {
  family = "sops";
  units = [ "sops-install-secrets.service" ];
  paths = (import ./mounts.nix { inherit config lib; }).keyPaths;
}
