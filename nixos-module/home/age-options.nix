# agenix's options for home-manager, and those it lacks.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.age;
  common = import ../age/common.nix { inherit cfg lib pkgs; };
  placeholder = import ../placeholder.nix { inherit lib; };
  late = import ./age-late.nix { inherit config options lib; };

  secretType = types.submodule (
    { config, name, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
          defaultText = lib.literalMD "the attribute's name";
          description = ''
            Name of the file used in {option}`age.secretsDir`
          '';
        };
        path = mkOption {
          type = types.str;
          default = "${cfg.secretsDir}/${config.name}";
          defaultText = lib.literalExpression ''"''${cfg.secretsDir}/''${config.name}"'';
          description = ''
            Path where the decrypted secret is installed. `''${XDG_RUNTIME_DIR}`, `$HOME` and `$USER` in it are replaced.
          '';
        };
        inherit (common.secret)
          file
          mode
          symlink
          install
          paths
          restartUnits
          reloadUnits
          ;
      };
    }
  );
in
{
  options.age = {
    package = lib.mkPackageOption pkgs "age" { };

    secrets = common.family.secrets secretType;

    identityPaths = common.family.identityPaths {
      default = [
        "${config.home.homeDirectory}/.ssh/id_ed25519"
        "${config.home.homeDirectory}/.ssh/id_rsa"
      ];
      defaultText = lib.literalExpression ''
        [
          "''${config.home.homeDirectory}/.ssh/id_ed25519"
          "''${config.home.homeDirectory}/.ssh/id_rsa"
        ]
      '';
    };

    secretsDir = mkOption {
      type = types.str;
      default = "\${XDG_RUNTIME_DIR}/agenix";
      defaultText = lib.literalExpression ''"''${XDG_RUNTIME_DIR}/agenix"'';
      example = lib.literalExpression ''"''${config.xdg.configHome}/agenix"'';
      description = ''
        Folder where secrets are symlinked to. A path without variables, as in the example, can stand in other options.
      '';
    };

    secretsMountPoint = mkOption {
      default = "\${XDG_RUNTIME_DIR}/agenix.d";
      defaultText = lib.literalExpression ''"''${XDG_RUNTIME_DIR}/agenix.d"'';
      description = ''
        Where secrets are created before they are symlinked to {option}`age.secretsDir`
      '';
    };

    # From here on what agenix does not have.
    templates = common.family.templates { };
    placeholder = placeholder.option "age";
    inherit (common.family)
      plugins
      validationPackage
      validateFiles
      recipients
      onFailure
      ;
    installPackage = common.family.installPackage // {
      description = "Package with the program `sops-inlay`. The `age` of {option}`age.package` is not run.";
    };
    beforeBasic = late.option;
  };

  config = lib.mkIf (cfg.templates != { }) {
    age.placeholder = placeholder.tokens "age:" cfg.secrets;
  };
}
