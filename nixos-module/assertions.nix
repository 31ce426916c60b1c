# What a configuration must not say. The first ones are sops-nix's, in its words.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  phases = import ./sops-manifests.nix { inherit config lib pkgs; };
  mounts = import ./mounts.nix { inherit config lib; };
  late = import ./sops-late.nix { inherit config options lib; };
  sysusers = options.systemd ? sysusers && config.systemd.sysusers.enable;
  userborn = options.services ? userborn && config.services.userborn.enable;
  # Templates of that phase may be rendered with the secrets of the other.
  neededForUsers = phases.users.secrets != { } || phases.users.templates != { };

  both =
    {
      kind,
      name,
      file,
      by,
      number,
    }:
    {
      assertion = !(file.${by} != null && file.${number} != 0);
      message = ''
        Assertion failed for `sops.${kind}.${name}`:
        Both `${by}` and `${number}` cannot be defined at the same time. Use either `${by}` or leave `${number}` as 0.
        owner: ${file.${by}}
        uid: ${toString file.${number}}
      '';
    };

  ownersOfSecret = secret: [
    {
      assertion = secret.uid != null && secret.uid != 0 -> secret.owner == null;
      message = "In ${secret.name} exactly one of sops.owner and sops.uid must be set";
    }
    {
      assertion = secret.gid != null && secret.gid != 0 -> secret.group == null;
      message = "In ${secret.name} exactly one of sops.group and sops.gid must be set";
    }
  ];
in
{
  config = lib.mkMerge [
    (lib.mkIf (cfg.secrets != { }) {
      assertions = [
        {
          assertion =
            cfg.gnupg.home != null
            || cfg.gnupg.sshKeyPaths != [ ]
            || cfg.age.keyFile != null
            || cfg.age.sshKeyPaths != [ ]
            || cfg.age.keyCredential != null;
          message = "No key source configured for sops. Either set services.openssh.enable or set sops.age.keyFile or sops.gnupg.home";
        }
        {
          assertion = !(cfg.gnupg.home != null && cfg.gnupg.sshKeyPaths != [ ]);
          message = "Exactly one of sops.gnupg.home and sops.gnupg.sshKeyPaths must be set";
        }
      ]
      ++ lib.optionals cfg.validateSopsFiles (lib.concatMap ownersOfSecret (lib.attrValues cfg.secrets));

      # The unit waits for the mount, unless users wait for the unit.
      warnings =
        lib.optionals (!cfg.useSystemdActivation || neededForUsers) (mounts.warnings "sops" mounts.keyPaths)
        ++ lib.optionals cfg.useSystemdActivation late.warnings;
    })
    {
      assertions = [
        {
          assertion =
            lib.filterAttrs (
              _: secret:
              (secret.uid != 0 && secret.owner != "root") || (secret.gid != 0 && secret.group != "root")
            ) phases.users.secrets == { };
          message = "neededForUsers cannot be used for secrets that are not root-owned";
        }
        {
          assertion = neededForUsers && sysusers -> config.users.mutableUsers;
          message = ''
            systemd.sysusers.enable in combination with sops.secrets.<name>.neededForUsers can only work with config.users.mutableUsers enabled.
            See https://github.com/Mic92/sops-nix/issues/475
          '';
        }
        {
          assertion = cfg.age.keyCredential != null -> cfg.useSystemdActivation;
          message = "sops.age.keyCredential needs sops.useSystemdActivation = true: only a unit has credentials";
        }
        {
          assertion = cfg.age.keyCredential != null && neededForUsers -> sysusers || userborn;
          message = "sops.age.keyCredential cannot open what is neededForUsers: an activation script installs that here, and only a unit has credentials; enable services.userborn or systemd.sysusers";
        }
        {
          # Its name is all that can be known of a package before it is built.
          assertion = lib.getName cfg.package != "sops-install-secrets";
          message = "sops.package is sops-nix's own program, and this module needs sops-inlay: leave the option out";
        }
        {
          assertion = cfg.age.recipients != [ ] -> cfg.validateSopsFiles;
          message = "sops.age.recipients needs sops.validateSopsFiles = true: the sops files are not looked at otherwise";
        }
        {
          assertion = cfg.age.generateKey -> cfg.age.keyFile != null;
          message = "sops.age.generateKey needs sops.age.keyFile, the place of the key";
        }
      ]
      ++ lib.concatLists (
        lib.mapAttrsToList (name: file: [
          (both {
            kind = "templates";
            inherit name file;
            by = "owner";
            number = "uid";
          })
          (both {
            kind = "templates";
            inherit name file;
            by = "group";
            number = "gid";
          })
        ]) cfg.templates
      );
    }
  ];
}
