# Options of `sops.*` that the NixOS module and the one for home-manager have alike.
{
  cfg,
  lib,
  pkgs,
}:
{
  # Of secrets that say nothing themselves.
  defaults = {
    defaultSopsFile = lib.mkOption {
      type = lib.types.path;
      description = ''
        Sops file of the secrets that name none.
      '';
    };

    defaultSopsFormat = lib.mkOption {
      type = lib.types.str;
      default = "yaml";
      description = ''
        Format of the sops files of secrets that name none.
      '';
    };

    defaultSopsKey = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      description = ''
        Key of the secrets that name none, in yaml and json files. "" means the whole file.
      '';
    };
  };

  # Of each secret.
  secret = {
    # sops-nix's two modules name the formats in different orders, which is part of the type.
    format =
      formats:
      lib.mkOption {
        type = lib.types.enum formats;
        default = cfg.defaultSopsFormat;
        defaultText = lib.literalExpression "config.sops.defaultSopsFormat";
        description = ''
          Format of the sops file. Binary files are written as they are.
        '';
      };

    mode = lib.mkOption {
      type = lib.types.str;
      default = "0400";
      description = ''
        Permissions of the file, in octal.
      '';
    };

    install = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = ''
        Whether the secret is written to a file of its own. With `false` it is there for templates only.
      '';
    };
  };

  # How secrets are installed.
  runtime = {
    keepGenerations = lib.mkOption {
      type = lib.types.ints.unsigned;
      default = 1;
      description = ''
        Number of secrets generations to keep. 0 keeps all.
      '';
    };

    log = lib.mkOption {
      type = lib.types.listOf (
        lib.types.enum [
          "keyImport"
          "secretChanges"
        ]
      );
      default = [
        "keyImport"
        "secretChanges"
      ];
      description = "What to log: the keys used, the names of what changed.";
    };

    package = lib.mkOption {
      type = lib.types.package;
      default = (pkgs.callPackage ../.. { }).sops-inlay;
      defaultText = lib.literalExpression "(pkgs.callPackage ../.. { }).sops-inlay";
      description = ''
        Package with the program `sops-inlay`.
      '';
    };

    validationPackage = lib.mkOption {
      type = lib.types.package;
      default =
        if pkgs.stdenv.buildPlatform == pkgs.stdenv.hostPlatform then
          cfg.package
        else
          (pkgs.pkgsBuildHost.callPackage ../.. { }).sops-inlay;
      defaultText = lib.literalMD "the package that installs, or where one builds for another platform one that runs here";
      description = ''
        The package that checks the configuration when it is built.
      '';
    };

    onFailure = lib.mkOption {
      type = lib.types.enum [
        "abort"
        "partial"
        "auto"
      ];
      default = "abort";
      description = ''
        What a failure leaves behind: `abort` leaves everything as it was; `partial` installs what can be installed and keeps
        the previous version of the rest; `auto` is `partial` at boot, where there is nothing to keep, and `abort` later. The
        unit or activation fails in each case.
      '';
    };

    integrity = lib.mkOption {
      type = lib.types.enum [
        "file"
        "values"
      ];
      default = "file";
      description = ''
        What is verified before values are used: the MAC over the whole sops `file`, as sops does, or each of the `values`
        alone. The latter does not see list items that were swapped, older values put back, or changed clear text.
      '';
    };
  };

  # Below `age`.
  age = {
    plugins = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = [ ];
      description = ''
        Packages of age plugins that identities need.
      '';
    };

    generateKey = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = ''
        Whether an age identity is made in `keyFile` where there is none yet.
      '';
    };
  };

  # Below `gnupg`.
  gnupg = {
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.gnupg;
      defaultText = lib.literalExpression "pkgs.gnupg";
      description = ''
        The gnupg package.
      '';
    };
  };
}
