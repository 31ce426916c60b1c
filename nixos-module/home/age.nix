# `age.*` for home-manager: the options of agenix's module, and more, served by sops-inlay.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.age;
  toManifest = import ../manifest.nix { inherit lib; };
  check = import ../check.nix { inherit lib pkgs; };
  agent = import ./agent.nix { inherit config lib pkgs; };

  # agenix's paths are written for a shell; the manifest's variable is %r.
  expanded = lib.replaceStrings [ "%" "\${XDG_RUNTIME_DIR}" "$XDG_RUNTIME_DIR" ] [ "%%" "%r" "%r" ];
  placed =
    file:
    file
    // {
      path = expanded file.path;
      paths = map expanded file.paths;
    };

  manifest = check {
    name = "agenix-manifest.json";
    checker = cfg.installPackage;
    manifest =
      toManifest.head {
        inherit (cfg) onFailure;
        keepGenerations = 1;
        integrity = "file";
        allowDisk = false;
        log = [ ];
      }
      // {
        secrets = map (secret: toManifest.ageSecret (placed secret)) (lib.attrValues cfg.secrets);
        templates = map (template: toManifest.template (placed template)) (lib.attrValues cfg.templates);
        secretsMountPoint = expanded cfg.secretsMountPoint;
        symlinkPath = expanded cfg.secretsDir;
        ageIdentityPaths = cfg.identityPaths;
        placeholderBySecretName = cfg.placeholder;
        userMode = true;
      };
  };

  script = toString (
    pkgs.writeShellScript "agenix-home-manager-mount-secrets" ''
      exec ${cfg.installPackage}/bin/sops-inlay install --ignore-passwd ${manifest}
    ''
  );
in
{
  imports = [ ./age-options.nix ];

  config = lib.mkIf (cfg.secrets != { }) {
    assertions = [
      {
        assertion = cfg.identityPaths != [ ];
        message = "age.identityPaths must be set.";
      }
    ]
    ++ lib.mapAttrsToList (name: template: {
      assertion = lib.length template.sources <= 1;
      message = "age.templates.${name} takes one of ${lib.concatStringsSep ", " template.sources}: they exclude each other";
    }) cfg.templates;

    systemd.user.services.agenix = lib.mkIf pkgs.stdenv.hostPlatform.isLinux (
      agent.unit {
        description = "agenix activation";
        inherit script;
        environment.PATH = lib.concatStringsSep ":" (
          map (plugin: "${lib.getBin plugin}/bin") cfg.plugins
          ++ agent.systemctlFolder (lib.attrValues cfg.secrets ++ lib.attrValues cfg.templates)
        );
        prompts = false;
        wantedBy = "default.target";
      }
    );

    launchd.agents.activate-agenix = lib.mkIf pkgs.stdenv.hostPlatform.isDarwin (
      agent.launchd {
        inherit script;
        environment = { };
        logs = "agenix";
      }
    );

    home.activation.agenix = lib.mkIf pkgs.stdenv.hostPlatform.isLinux (agent.activation "agenix");
  };
}
