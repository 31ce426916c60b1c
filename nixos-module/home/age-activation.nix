# The user's unit and activation, under agenix's name.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.age;
  toManifest = import ../manifest.nix { inherit lib; };
  placeholder = import ../placeholder.nix { inherit lib; };
  check = import ../check.nix { inherit lib pkgs; };
  agent = import ./agent.nix { inherit config lib pkgs; };
  late = import ./age-late.nix { inherit config options lib; };
  inherit (import ./age-paths.nix { inherit config lib; }) expanded;

  placed =
    file:
    file
    // {
      path = expanded file.path;
      paths = map expanded file.paths;
    };

  program = "${cfg.installPackage}/bin/sops-inlay";
  link = expanded cfg.secretsDir;
  mountPoint = expanded cfg.secretsMountPoint;
  isUsed = cfg.secrets != { } || cfg.templates != { };

  manifest = check {
    name = "agenix-manifest.json";
    checker = cfg.validationPackage;
    openFiles = cfg.validateFiles;
    inherit (cfg) recipients;
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
        secretsMountPoint = mountPoint;
        symlinkPath = link;
        ageIdentityPaths = cfg.identityPaths;
        placeholderBySecretName = placeholder.bySecretName cfg.secrets cfg.placeholder;
        userMode = true;
      };
  };

  # The program also looks where sops does, and agenix takes the keys it is told of alone. Plugins may need the real home.
  noOtherKeys = lib.optionalString (cfg.plugins == [ ]) ''
    export HOME=/var/empty XDG_CONFIG_HOME=/var/empty
  '';
  script = toString (
    pkgs.writeShellScript "agenix-home-manager-mount-secrets" ''
      ${agent.setting}${noOtherKeys}exec ${program} install --ignore-passwd ${manifest}
    ''
  );
in
{
  config = lib.mkMerge [
    {
      home.activation.agenixLeftovers = agent.leftovers {
        inherit link mountPoint program;
        used = isUsed;
      };
    }
    (lib.mkIf isUsed {
      systemd.user.services.agenix = agent.unit {
        description = "agenix activation";
        inherit script;
        environment.PATH = lib.concatStringsSep ":" (
          map (plugin: "${lib.getBin plugin}/bin") cfg.plugins
          ++ agent.systemctlFolder (lib.attrValues cfg.secrets ++ lib.attrValues cfg.templates)
        );
        inherit (late) before early;
        wantedBy = "default.target";
      };

      # agenix leaves the activation alone.
      home.activation.agenix = agent.activation {
        name = "agenix";
        goOn = true;
      };
    })
  ];
}
