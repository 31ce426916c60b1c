# What a NixOS configuration of `age.*` must not say, and what it is warned of.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.age;
  mistakes = import ./mistakes.nix { inherit cfg lib; };
  mounts = import ../mounts.nix { inherit config lib; };
  late = import ./late.nix { inherit config options lib; };
in
{
  config = lib.mkMerge [
    (lib.mkIf (cfg.secrets != { } || cfg.templates != { }) {
      inherit (mistakes) assertions;
      warnings =
        lib.optional (
          cfg.ageBin != "${pkgs.age}/bin/age"
        ) "age.ageBin is not used: sops-inlay decrypts by itself. Put age plugins into age.plugins."
        ++ mistakes.warnings
        ++ mounts.warnings "age" cfg.identityPaths
        ++ late.warnings;
    })
    (lib.mkIf (cfg.secrets != { }) {
      assertions = [
        {
          assertion = cfg.identityPaths != [ ];
          message = "age.identityPaths must be set, for example by enabling openssh.";
        }
      ];
    })
  ];
}
