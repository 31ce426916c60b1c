# agenix's options for home-manager, and those it lacks.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.age;
  common = import ../options/placed.nix { inherit lib; };
  placeholder = import ../placeholder.nix { inherit lib; };

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
        file = mkOption {
          type = types.path;
          description = ''
            Age file the secret is loaded from.
          '';
        };
        path = mkOption {
          type = types.str;
          default = "${cfg.secretsDir}/${config.name}";
          defaultText = lib.literalExpression ''"''${cfg.secretsDir}/''${config.name}"'';
          description = ''
            Path where the decrypted secret is installed. `''${XDG_RUNTIME_DIR}` in it is replaced.
          '';
        };
        mode = mkOption {
          type = types.str;
          default = "0400";
          description = ''
            Permissions of the decrypted secret, as chmod takes them: `0440`, `u=r,g=r`.
          '';
        };
        symlink = lib.mkEnableOption "symlinking secrets to their destination" // {
          default = true;
        };
        install = mkOption {
          type = types.bool;
          default = true;
          description = ''
            Whether the secret is written to a file of its own. With `false` it is there for templates only.
          '';
        };
        inherit (common) paths restartUnits reloadUnits;
      };
    }
  );

  userDirectory =
    folder:
    if pkgs.stdenv.hostPlatform.isDarwin then
      "$(${lib.getExe pkgs.getconf} DARWIN_USER_TEMP_DIR)/${folder}"
    else
      "\${XDG_RUNTIME_DIR}/${folder}";
in
{
  options.age = {
    package = lib.mkPackageOption pkgs "age" { };

    secrets = mkOption {
      type = types.attrsOf secretType;
      default = { };
      description = ''
        Attrset of secrets.
      '';
    };

    identityPaths = mkOption {
      type = types.listOf types.path;
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
      description = ''
        Files of SSH keys or age identities that decrypt the secrets.
      '';
    };

    secretsDir = mkOption {
      type = types.str;
      default = userDirectory "agenix";
      defaultText = lib.literalExpression ''"''${XDG_RUNTIME_DIR}/agenix"'';
      example = lib.literalExpression ''"''${config.xdg.configHome}/agenix"'';
      description = ''
        Folder where secrets are symlinked to. A path without variables, as in the example, can stand in other options.
      '';
    };

    secretsMountPoint = mkOption {
      default = userDirectory "agenix.d";
      defaultText = lib.literalExpression ''"''${XDG_RUNTIME_DIR}/agenix.d"'';
      description = ''
        Where secrets are created before they are symlinked to {option}`age.secretsDir`
      '';
    };

    # From here on what agenix does not have.
    templates = mkOption {
      type = types.attrsOf (
        import ../options/template-type.nix {
          inherit lib pkgs;
          family = "age";
          defaultPath = template: "${cfg.secretsDir}/rendered/${template.name}";
          defaultPathText = "`rendered/NAME` below {option}`age.secretsDir`";
        }
      );
      default = { };
      description = "Files with placeholders, rendered with the secrets they stand for.";
    };
    placeholder = placeholder.option "age";
    plugins = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages of age plugins that identities need.";
    };
    installPackage = mkOption {
      type = types.package;
      default = (pkgs.callPackage ../.. { }).sops-inlay;
      defaultText = lib.literalExpression "(pkgs.callPackage ../.. { }).sops-inlay";
      description = "Package with the program `sops-inlay`. The `age` of {option}`age.package` is not run.";
    };
    onFailure = mkOption {
      type = types.enum [
        "abort"
        "partial"
        "auto"
      ];
      default = "abort";
      description = "What a failure leaves behind: everything as it was, or what could be installed.";
    };
  };

  config = lib.mkIf (cfg.templates != { }) {
    age.placeholder = placeholder.tokens "age:" cfg.secrets;
  };
}
