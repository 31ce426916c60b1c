# What agenix-install-secrets.service waits for that comes after sysinit.target.
{
  config,
  options,
  lib,
}:
import ../late.nix { inherit config options lib; } {
  family = "age";
  units = [
    "agenix-install-secrets.service"
    "agenix-chown.service"
  ];
  paths = config.age.identityPaths;
}
