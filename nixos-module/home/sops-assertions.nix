# What a user's configuration of `sops.*` must not say, and what it is warned of. The first ones are sops-nix's, in its words.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  mistakes = import ../mistakes.nix { inherit lib; };
  late = import ./sops-late.nix { inherit config options lib; };
  gnupg = cfg.gnupg;
  given = lib.count lib.id;
in
{
  config = lib.mkMerge [
    (lib.mkIf (cfg.secrets != { }) {
      assertions = [
        {
          assertion =
            gnupg.home != null
            || gnupg.sshKeyPaths != [ ]
            || gnupg.qubes-split-gpg.enable
            || cfg.age.keyFile != null
            || cfg.age.sshKeyPaths != [ ];
          message = "No key source configured for sops. Either set services.openssh.enable or set sops.age.keyFile or sops.gnupg.home or sops.gnupg.qubes-split-gpg.enable";
        }
        {
          assertion =
            given [
              (gnupg.home != null)
              (gnupg.sshKeyPaths != [ ])
              gnupg.qubes-split-gpg.enable
            ] <= 1;
          message = "Exactly one of sops.gnupg.home, sops.gnupg.qubes-split-gpg.enable and sops.gnupg.sshKeyPaths must be set";
        }
        {
          assertion =
            gnupg.qubes-split-gpg.enable
            -> gnupg.qubes-split-gpg.domain != null && gnupg.qubes-split-gpg.domain != "";
          message = "sops.gnupg.qubes-split-gpg.domain is required when sops.gnupg.qubes-split-gpg.enable is set to true";
        }
        {
          assertion = cfg.age.recipients != [ ] -> cfg.validateSopsFiles;
          message = "sops.age.recipients needs sops.validateSopsFiles = true: the sops files are not looked at otherwise";
        }
      ]
      ++ lib.mapAttrsToList (mistakes.notInstalled "sops" cfg.defaultSymlinkPath) cfg.secrets;
    })
    (lib.mkIf (cfg.secrets != { } || cfg.templates != { }) {
      assertions = [
        (import ./linux.nix { inherit pkgs; } "sops")
      ]
      ++ lib.mapAttrsToList (mistakes.sources "sops") cfg.templates;
      warnings = mistakes.ignoredFiles "sops" cfg.templates ++ late.warnings;
    })
  ];
}
