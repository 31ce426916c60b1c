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

  sourcesOfTemplate = name: template: {
    assertion = lib.length template.sources <= 1;
    message = "sops.templates.${name} takes one of ${lib.concatStringsSep ", " template.sources}: they exclude each other";
  };

  # Without a path of its own a copy would have to take the place of the link's target.
  copies =
    family: files:
    lib.mapAttrsToList (name: file: {
      assertion = !file.symlink -> !(lib.hasPrefix "/run/secrets" file.path) || file.paths != [ ];
      message = "sops.${family}.${name}.symlink = false needs a `path` of its own, outside ${file.path}";
    }) files;

  notInstalled = name: secret: {
    assertion =
      !secret.install
      ->
        secret.credential == null
        && secret.paths == [ ]
        && secret.restartUnits == [ ]
        && secret.reloadUnits == [ ]
        && secret.restartUserUnits == [ ]
        && secret.reloadUserUnits == [ ];
    message = "sops.secrets.${name}.install = false: there is no file that credential, paths or units to restart and reload could mean; set them on the template";
  };
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
        lib.optionals (!cfg.useSystemdActivation || phases.users.secrets != { }) (
          mounts.warnings "sops" mounts.keyPaths
        )
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
          assertion = phases.users.secrets != { } && sysusers -> config.users.mutableUsers;
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
          (sourcesOfTemplate name file)
        ]) cfg.templates
      )
      ++ lib.mapAttrsToList notInstalled cfg.secrets
      ++ copies "secrets" cfg.secrets
      ++ copies "templates" cfg.templates;
    }
  ];
}
