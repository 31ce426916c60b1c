# What a user's configuration of `age.*` must not say, and what it is warned of.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.age;
  mistakes = import ../age/mistakes.nix { inherit cfg lib; };
  late = import ./age-late.nix { inherit config options lib; };
  paths = import ./age-paths.nix { inherit config lib; };

  # What is below the folder says nothing new where the folder's own path is wrong.
  ownPlaces =
    file:
    lib.filter (path: paths.isReplaced cfg.secretsDir || !lib.hasPrefix cfg.secretsDir path) (
      [ file.path ] ++ file.paths
    );
  placesOf =
    kind: files:
    lib.concatLists (
      lib.mapAttrsToList (
        name: file: map (paths.assertion "age.${kind}.${name}.path") (ownPlaces file)
      ) files
    );
in
{
  config = lib.mkMerge [
    (lib.mkIf (cfg.secrets != { } || cfg.templates != { }) {
      assertions = [
        (import ./linux.nix { inherit pkgs; } "age")
        (paths.assertion "age.secretsDir" cfg.secretsDir)
        (paths.assertion "age.secretsMountPoint" cfg.secretsMountPoint)
      ]
      ++ placesOf "secrets" cfg.secrets
      ++ placesOf "templates" cfg.templates
      ++ mistakes.assertions;

      warnings =
        lib.optional (
          options.age.package.highestPrio < (lib.mkOptionDefault null).priority
        ) "age.package is not used: sops-inlay decrypts by itself. Put age plugins into age.plugins."
        ++ mistakes.warnings
        ++ late.warnings;
    })
    (lib.mkIf (cfg.secrets != { }) {
      assertions = [
        {
          assertion = cfg.identityPaths != [ ];
          message = "age.identityPaths must be set.";
        }
      ];
    })
  ];
}
