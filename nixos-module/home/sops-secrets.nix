# `sops.secrets`, `sops.templates` and `sops.placeholder` of a user.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  placed = import ../options/placed.nix { inherit lib; };
  common = import ../options/common.nix { inherit cfg lib pkgs; };
  placeholder = import ../placeholder.nix { inherit lib; };

  secretType = lib.types.submodule (
    {
      name,
      config,
      options,
      ...
    }:
    {
      options = {
        name = lib.mkOption {
          type = lib.types.str;
          default = name;
          defaultText = lib.literalMD "the attribute's name";
          description = ''
            Name of the file below {option}`sops.defaultSymlinkPath`.
          '';
        };

        key = lib.mkOption {
          type = lib.types.str;
          default = if cfg.defaultSopsKey != null then cfg.defaultSopsKey else name;
          defaultText = lib.literalMD "{option}`sops.defaultSopsKey`, or the attribute's name";
          description = ''
            Place of the value in the sops file: `a/b/0` walks through maps and lists. "" means the whole file.
            In dotenv, ini and binary files the whole file is installed unless this option is set.
          '';
        };

        keyForManifest = lib.mkOption {
          type = lib.types.nullOr lib.types.str;
          internal = true;
          visible = false;
          readOnly = true;
          default =
            if
              lib.elem config.format [
                "yaml"
                "json"
              ]
              || options.key.highestPrio < (lib.mkOptionDefault null).priority
            then
              config.key
            else
              null;
        };

        path = lib.mkOption {
          type = lib.types.str;
          default = "${cfg.defaultSymlinkPath}/${name}";
          defaultText = lib.literalMD "`NAME` below {option}`sops.defaultSymlinkPath`";
          description = ''
            Path where the secret is linked. If the default is kept no other link is created.
            `%r` is replaced by $XDG_RUNTIME_DIR, `%%` by `%`.
          '';
        };

        sopsFile = lib.mkOption {
          type = lib.types.path;
          default = cfg.defaultSopsFile;
          defaultText = lib.literalExpression "\${config.sops.defaultSopsFile}";
          description = ''
            Sops file that holds the secret.
          '';
        };

        inherit (common.secret) mode install;
        format = common.secret.format [
          "yaml"
          "json"
          "binary"
          "ini"
          "dotenv"
        ];
        inherit (placed)
          symlink
          paths
          restartUnits
          reloadUnits
          ;
      };
    }
  );
in
{
  options.sops = {
    secrets = lib.mkOption {
      type = lib.types.attrsOf secretType;
      default = { };
      description = ''
        Secrets to decrypt.
      '';
    };

    templates = lib.mkOption {
      type = lib.types.attrsOf (
        import ../options/template-type.nix {
          inherit lib pkgs;
          family = "sops";
          defaultPath = template: "${config.xdg.configHome}/sops-nix/secrets/rendered/${template.name}";
          defaultPathText = "`sops-nix/secrets/rendered/NAME` below {option}`xdg.configHome`";
        }
      );
      default = { };
      description = "Files with placeholders, rendered with the secrets they stand for.";
    };

    placeholder = placeholder.option "sops";
  };

  config = lib.mkIf (cfg.templates != { }) {
    sops.placeholder = placeholder.tokens "" cfg.secrets;
  };
}
