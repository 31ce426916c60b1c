# When agenix.service runs.
{
  config,
  options,
  lib,
}:
import ./late.nix { inherit config options lib; } {
  family = "age";
  name = "agenix";
  prompts = config.age.plugins != [ ];
}
