# The user's unit and activation, under sops-nix's names.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  toManifest = import ../manifest.nix { inherit lib; };
  placeholder = import ../placeholder.nix { inherit lib; };
  check = import ../check.nix { inherit lib pkgs; };
  agent = import ./agent.nix { inherit config lib pkgs; };
  late = import ./sops-late.nix { inherit config options lib; };
  program = "${cfg.package}/bin/sops-inlay";

  manifest = check {
    name = "manifest.json";
    checker = cfg.validationPackage;
    openFiles = cfg.validateSopsFiles;
    inherit (cfg.age) recipients;
    manifest =
      toManifest.head (cfg // { allowDisk = false; })
      // toManifest.sopsKeys cfg
      // {
        secrets = map toManifest.userSecret (lib.attrValues cfg.secrets);
        templates = map toManifest.template (lib.attrValues cfg.templates);
        secretsMountPoint = cfg.defaultSecretsMountPoint;
        symlinkPath = cfg.defaultSymlinkPath;
        placeholderBySecretName = placeholder.bySecretName cfg.secrets cfg.placeholder;
        userMode = true;
      };
  };

  keyFile = lib.escapeShellArg cfg.age.keyFile;
  script = toString (
    pkgs.writeShellScript "sops-nix-user" (
      lib.optionalString cfg.age.generateKey ''
        if [[ ! -f ${keyFile} ]]; then
          echo generating machine-specific age key...
          ${pkgs.coreutils}/bin/mkdir -p $(${pkgs.coreutils}/bin/dirname ${keyFile})
          # age-keygen sets 0600 by default, no need to chmod.
          ${pkgs.age}/bin/age-keygen -o ${keyFile}
        fi
      ''
      + ''
        ${agent.setting}exec ${program} install --ignore-passwd ${manifest}
      ''
    )
  );

  gnupg = cfg.gnupg;
  isUsed = cfg.secrets != { } || cfg.templates != { };
in
{
  config = lib.mkMerge [
    {
      home.activation.sopsLeftovers = agent.leftovers {
        inherit program;
        link = cfg.defaultSymlinkPath;
        mountPoint = cfg.defaultSecretsMountPoint;
        used = isUsed;
      };
    }
    (lib.mkIf isUsed {
      home.sessionVariables = lib.mkIf gnupg.qubes-split-gpg.enable {
        # The wrapper is the qube's own, not a package of nixpkgs.
        SOPS_GPG_EXEC = "qubes-gpg-client-wrapper";
      };

      sops.environment = {
        SOPS_GPG_EXEC = lib.mkMerge [
          (lib.mkIf (gnupg.home != null || gnupg.sshKeyPaths != [ ]) (
            lib.mkDefault "${gnupg.package}/bin/gpg"
          ))
          (lib.mkIf gnupg.qubes-split-gpg.enable (lib.mkDefault config.home.sessionVariables.SOPS_GPG_EXEC))
        ];
        QUBES_GPG_DOMAIN = lib.mkIf gnupg.qubes-split-gpg.enable (
          lib.mkDefault gnupg.qubes-split-gpg.domain
        );
        PATH = lib.concatStringsSep ":" (
          lib.filter (path: path != "") (
            [
              (lib.makeBinPath cfg.age.plugins)
            ]
            ++ agent.systemctlFolder (lib.attrValues cfg.secrets ++ lib.attrValues cfg.templates)
          )
        );
      };

      systemd.user.services.sops-nix = agent.unit {
        description = "sops-nix activation";
        inherit script;
        inherit (cfg) environment;
        inherit (late) before early;
        wantedBy = if gnupg.home != null then "graphical-session-pre.target" else "default.target";
      };

      # As with sops-nix the activation fails where the secrets cannot be installed.
      home.activation.sops-nix = agent.activation {
        name = "sops-nix";
        goOn = false;
      };
    })
  ];
}
