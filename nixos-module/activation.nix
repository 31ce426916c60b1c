# The installer as activation scripts; what shows their result; what is left when the last secret goes.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  inherit
    (import ./installers.nix {
      inherit
        config
        options
        lib
        pkgs
        ;
    })
    regular
    users
    isUsed
    program
    usersBySystemd
    mayHaveOwners
    installForUsers
    ownersForUsers
    scripts
    units
    ;
  script = import ./script.nix { inherit lib; };
  leftovers = import ./leftovers.nix { inherit lib pkgs; };

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
