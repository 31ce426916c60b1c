# The installer as systemd units, before sysinit.target where that can be.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  inherit (import ./mounts.nix { inherit config lib; }) keyPaths;
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
    ;

  unit = extra: exec: {
    environment = cfg.environment // {
      SOPS_RESTART_UNITS_VIA_SYSTEMCTL = "1";
    };
    path = cfg.age.plugins;
    unitConfig = {
      DefaultDependencies = "no";
      # Each start of a unit that needs secrets starts one that failed again, however often.
      StartLimitIntervalSec = 0;
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
in
{
  config = lib.mkMerge [
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
  ];
}
