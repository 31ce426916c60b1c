# One process decrypts everything before users exist, so that their passwords can be among it; a second one, which decrypts
# nothing, sets the owners once users exist. Snippet and unit names are agenix's.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.age;
  manifest = import ./manifest.nix { inherit config lib pkgs; };
  script = import ../script.nix { inherit lib; };
  leftovers = import ../leftovers.nix { inherit lib pkgs; };

  program = "${cfg.installPackage}/bin/sops-inlay";
  install = "${program} install --without-owners ${manifest}";
  owners = "${program} install --only-owners ${manifest}";

  isUsed = cfg.secrets != { } || cfg.templates != { };
  usersBySystemd =
    (options.systemd ? sysusers && config.systemd.sysusers.enable)
    || (options.services ? userborn && config.services.userborn.enable);

  users = [
    "systemd-sysusers.service"
    "userborn.service"
  ];
  beforeServices = [
    "sysinit.target"
    "sysinit-reactivation.target"
  ];
  beforeIfEarly = if cfg.beforeSysinit then beforeServices else [ "sysinit-reactivation.target" ];
  unit = exec: {
    path = cfg.plugins;
    environment.SOPS_RESTART_UNITS_VIA_SYSTEMCTL = "1";
    unitConfig.DefaultDependencies = "no";
    unitConfig.StartLimitIntervalSec = 0;
    unitConfig.RequiresMountsFor = cfg.identityPaths;
    serviceConfig = {
      Type = "oneshot";
      ExecStart = [ exec ];
      RemainAfterExit = true;
    };
  };

  snippet = name: deps: exec: {
    inherit deps;
    text = script {
      inherit name exec;
      environment = {
        HOME = "/var/empty";
        PATH = lib.makeBinPath cfg.plugins;
      };
    };
  };
  # A dry activation reports what would change; it must not touch owners.
  dry = lib.optionalAttrs (config.system ? dryActivationScript) { supportsDryActivation = true; };

  handed = lib.filter (file: file.credential != null) (
    lib.attrValues cfg.secrets ++ lib.attrValues cfg.templates
  );
in
{
  config = lib.mkMerge [
    {
      system.activationScripts.agenixLeftovers = leftovers {
        inherit program;
        inherit (cfg) allowDisk;
        link = cfg.secretsDir;
        mountPoint = cfg.secretsMountPoint;
        used = isUsed;
      };
    }
    (lib.mkIf isUsed (
      lib.mkMerge [
        {
          system.build.agenix-manifest = manifest;
          systemd.services = lib.mkMerge (
            map (file: {
              ${lib.removeSuffix ".service" file.credential.unit}.serviceConfig.LoadCredential = [
                "${file.credential.id}:${file.path}"
              ];
            }) handed
          );
        }

        (lib.mkIf usersBySystemd {
          systemd.services.agenix-install-secrets = unit install // {
            wantedBy = [ "sysinit.target" ];
            requiredBy = [ "sysinit-reactivation.target" ];
            # Not after local-fs.target, which itself comes after users: device nodes are owned by some.
            before = lib.optionals cfg.beforeSysinit users ++ beforeIfEarly ++ cfg.requiredBy;
          };
          systemd.services.agenix-chown = unit owners // {
            wantedBy = [ "sysinit.target" ];
            requiredBy = [ "sysinit-reactivation.target" ];
            # Not `requires`: where some secrets failed, the others still get their owners.
            wants = [ "agenix-install-secrets.service" ];
            after = users ++ [ "agenix-install-secrets.service" ];
            before = beforeIfEarly ++ cfg.requiredBy;
          };
        })

        (lib.mkIf (!usersBySystemd) {
          system.activationScripts = {
            # The generation is part of the installation; the name is here for those who order on it.
            agenixNewGeneration = {
              text = "";
              deps = [ "specialfs" ];
            };
            agenixInstall =
              snippet "agenixInstall" [
                "agenixNewGeneration"
                "specialfs"
              ] install
              // dry;
            # So user passwords can be encrypted.
            users.deps = [ "agenixInstall" ];
            agenixChown = snippet "agenixChown" [
              "users"
              "groups"
            ] owners;
            # So other activation scripts can depend on agenix being done.
            agenix = {
              text = "";
              deps = [ "agenixChown" ];
            };
          };
        })

        # An activation script that fails is one line in a log; this unit makes it visible, and others can require it.
        (lib.mkIf (!usersBySystemd || cfg.requiredBy != [ ]) {
          systemd.services.agenix-result = script.resultUnit {
            names = lib.optionals (!usersBySystemd) [
              "agenixInstall"
              "agenixChown"
            ];
            units = lib.optionals usersBySystemd [
              "agenix-install-secrets.service"
              "agenix-chown.service"
            ];
            inherit (cfg) requiredBy;
            inherit pkgs;
            systemd = config.systemd.package;
          };
        })
      ]
    ))
  ];
}
