# The user's unit and activation, under sops-nix's names.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  toManifest = import ../manifest.nix { inherit lib; };
  check = import ../check.nix { inherit lib pkgs; };
  agent = import ./agent.nix { inherit config lib pkgs; };

  manifest = check {
    name = "manifest.json";
    checker = cfg.package;
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
        placeholderBySecretName = cfg.placeholder;
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
        exec ${cfg.package}/bin/sops-inlay install --ignore-passwd ${manifest}
      ''
    )
  );

  gnupg = cfg.gnupg;
  given = lib.count lib.id;
in
{
  config = lib.mkIf (cfg.secrets != { }) {
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
    ++ lib.mapAttrsToList (name: template: {
      assertion = lib.length template.sources <= 1;
      message = "sops.templates.${name} takes one of ${lib.concatStringsSep ", " template.sources}: they exclude each other";
    }) cfg.templates;

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
            (lib.optionalString pkgs.stdenv.isDarwin "/usr/bin:/bin:/usr/sbin:/sbin")
          ]
          ++ agent.systemctlFolder (lib.attrValues cfg.secrets ++ lib.attrValues cfg.templates)
        )
      );
    };

    systemd.user.services.sops-nix = lib.mkIf pkgs.stdenv.hostPlatform.isLinux (
      agent.unit {
        description = "sops-nix activation";
        inherit script;
        inherit (cfg) environment;
        # gpg may ask for a passphrase: that needs the session, and must not hold up the login.
        prompts = gnupg.home != null || gnupg.qubes-split-gpg.enable;
        wantedBy = if gnupg.home != null then "graphical-session-pre.target" else "default.target";
      }
    );

    launchd.agents.sops-nix = lib.mkIf pkgs.stdenv.hostPlatform.isDarwin (
      agent.launchd {
        inherit script;
        inherit (cfg) environment;
        logs = "SopsNix";
      }
    );

    home.activation.sops-nix = agent.activation "sops-nix";
  };
}
