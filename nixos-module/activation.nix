# Runs the installer: as systemd units before sysinit.target, or as activation scripts.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  inherit (import ./sops-manifests.nix { inherit config lib pkgs; }) regular users;
  inherit (import ./mounts.nix { inherit config lib; }) keyPaths;
  script = import ./script.nix { inherit lib; };
  leftovers = import ./leftovers.nix { inherit lib pkgs; };

  isUsed = phase: phase.secrets != { } || phase.templates != { };
  program = "${cfg.package}/bin/sops-inlay";

  # Users come from the units of systemd then, and passwords must be there before those.
  usersBySystemd =
    (options.systemd ? sysusers && config.systemd.sysusers.enable)
    || (options.services ? userborn && config.services.userborn.enable);
  # Only templates of this phase may have owners: they get them once users exist. Not asked of the owners themselves, which may
  # follow from services (`config.systemd.services.x.serviceConfig.User`): which units there are must not depend on units.
  mayHaveOwners = users.templates != { };
  installForUsers = "${program} install ${
    if mayHaveOwners then "--without-owners" else "--ignore-passwd"
  } ${users.manifest}";
  ownersForUsers = "${program} install --only-owners ${users.manifest}";

  unit = extra: exec: {
    environment = cfg.environment // {
      SOPS_RESTART_UNITS_VIA_SYSTEMCTL = "1";
    };
    path = cfg.age.plugins;
    unitConfig = {
      DefaultDependencies = "no";
      RequiresMountsFor = keyPaths;
    };
    serviceConfig = {
      Type = "oneshot";
      ExecStart = [ exec ];
      RemainAfterExit = true;
    }
    // extra;
  };
  credential = lib.optionalAttrs (cfg.age.keyCredential != null) {
    ${if cfg.age.keyCredentialEncrypted then "LoadCredentialEncrypted" else "LoadCredential"} = [
      cfg.age.keyCredential
    ];
  };

  # systemd-sysusers.service is userborn's alias where that is enabled.
  afterUsers = [
    "local-fs.target"
    "systemd-sysusers.service"
    "userborn.service"
  ];
  # Services are ordered after sysinit.target: none of them starts without its secrets.
  beforeServices = [
    "sysinit.target"
    "sysinit-reactivation.target"
  ];
  beforeIfEarly = if cfg.beforeSysinit then beforeServices else [ "sysinit-reactivation.target" ];

  snippet =
    {
      name,
      deps,
      notice ? null,
      # A dry activation reports what would change; it must not touch owners.
      dry ? true,
      exec,
    }:
    lib.stringAfter deps (
      lib.optionalString (notice != null) ''
        [ -e /run/current-system ] || echo ${notice}
      ''
      + script {
        inherit name exec;
        environment = cfg.environment // {
          # sops looks for SSH keys in $HOME/.ssh; plugins come from PATH.
          HOME = "/var/empty";
          PATH = lib.makeBinPath cfg.age.plugins;
        };
      }
    )
    // lib.optionalAttrs (dry && config.system ? dryActivationScript) { supportsDryActivation = true; };

  # Templates without secrets need no key.
  keyDep = lib.optional (cfg.age.generateKey && cfg.secrets != { }) "generate-age-key";

  # Who installs.
  scripts =
    lib.optional (isUsed users && !usersBySystemd) "setupSecretsForUsers"
    ++ lib.optional (isUsed users && !usersBySystemd && mayHaveOwners) "setupSecretsForUsersOwners"
    ++ lib.optional (isUsed regular && !cfg.useSystemdActivation) "setupSecrets";
  units =
    lib.optional (isUsed users && usersBySystemd) "sops-install-secrets-for-users.service"
    ++ lib.optional (
      isUsed users && usersBySystemd && mayHaveOwners
    ) "sops-install-secrets-for-users-owners.service"
    ++ lib.optional (isUsed regular && cfg.useSystemdActivation) "sops-install-secrets.service";
in
{
  config = lib.mkMerge [
    (lib.mkIf (cfg.secrets != { }) {
      sops.environment.SOPS_GPG_EXEC = lib.mkIf (cfg.gnupg.home != null || cfg.gnupg.sshKeyPaths != [ ]) (
        lib.mkDefault "${cfg.gnupg.package}/bin/gpg"
      );

      system.activationScripts.generate-age-key =
        let
          keyFile = lib.escapeShellArg cfg.age.keyFile;
        in
        lib.mkIf cfg.age.generateKey (
          lib.stringAfter [ ] ''
            if [[ ! -f ${keyFile} ]]; then
              echo generating machine-specific age key...
              mkdir -p $(dirname ${keyFile})
              # age-keygen sets 0600 by default, no need to chmod.
              ${pkgs.age}/bin/age-keygen -o ${keyFile}
            fi
          ''
        );
    })

    (lib.mkIf (isUsed regular && cfg.useSystemdActivation) {
      systemd.services.sops-install-secrets =
        unit credential "${program} install ${regular.manifest}"
        // {
          wantedBy = [ "sysinit.target" ];
          requiredBy = [ "sysinit-reactivation.target" ];
          after = afterUsers;
          before = beforeIfEarly ++ cfg.requiredBy;
        };
    })

    (lib.mkIf (isUsed users && usersBySystemd) {
      systemd.services.sops-install-secrets-for-users = unit credential installForUsers // {
        wantedBy = [ "systemd-sysusers.service" ];
        before = [
          "systemd-sysusers.service"
          "userborn.service"
          "sysinit.target"
        ];
      };
      systemd.services.sops-install-secrets-for-users-owners = lib.mkIf mayHaveOwners (
        unit { } ownersForUsers
        // {
          wantedBy = [ "sysinit.target" ];
          requires = [ "sops-install-secrets-for-users.service" ];
          after = afterUsers ++ [ "sops-install-secrets-for-users.service" ];
          before = beforeServices;
        }
      );
    })

    (lib.mkIf (isUsed regular && !cfg.useSystemdActivation) {
      system.activationScripts.setupSecrets = snippet {
        name = "setupSecrets";
        deps = [
          "specialfs"
          "users"
          "groups"
        ]
        ++ keyDep;
        notice = "setting up secrets...";
        exec = "${program} install ${regular.manifest}";
      };
    })

    (lib.mkIf (isUsed users && !usersBySystemd) {
      system.activationScripts = {
        setupSecretsForUsers = snippet {
          name = "setupSecretsForUsers";
          deps = [ "specialfs" ] ++ keyDep;
          notice = "setting up secrets for users...";
          exec = installForUsers;
        };
        users.deps = [ "setupSecretsForUsers" ];
        setupSecretsForUsersOwners = lib.mkIf mayHaveOwners (snippet {
          name = "setupSecretsForUsersOwners";
          deps = [
            "users"
            "groups"
          ];
          dry = false;
          exec = ownersForUsers;
        });
      };
    })

    # An activation script that fails is one line in a log; this unit makes it visible, and others can require it.
    (lib.mkIf (scripts != [ ] || (units != [ ] && cfg.requiredBy != [ ])) {
      systemd.services.sops-install-secrets-result = script.resultUnit {
        names = scripts;
        inherit units;
        inherit (cfg) requiredBy;
        inherit pkgs;
        systemd = config.systemd.package;
      };
    })

    {
      system.activationScripts = {
        sopsLeftovers = leftovers {
          inherit (regular) link mountPoint;
          inherit (cfg) useTmpfs allowDisk;
          inherit program;
          used = isUsed regular;
        };
        sopsLeftoversForUsers = leftovers {
          inherit (users) link mountPoint;
          inherit (cfg) useTmpfs allowDisk;
          inherit program;
          used = isUsed users;
        };
      };
    }

    {
      system.build.sops-nix-manifest = regular.manifest;
      system.build.sops-nix-users-manifest = users.manifest;
    }
  ];
}
