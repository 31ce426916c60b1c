# The other `sops.*` options of a user: defaults, keys, how secrets are installed.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (import ../types.nix { inherit lib; }) pathNotInStore;
in
{
  options.sops = {
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

    validateSopsFiles = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = ''
        Whether the sops files are looked at when the home is built. They must be in the Nix store for that.
      '';
    };

    defaultSymlinkPath = lib.mkOption {
      type = lib.types.str;
      default = "${config.xdg.configHome}/sops-nix/secrets";
      defaultText = lib.literalExpression ''"''${config.xdg.configHome}/sops-nix/secrets"'';
      description = ''
        The link to the latest generation: a path that stays, without variables, so it can stand in other options.
      '';
    };

    defaultSecretsMountPoint = lib.mkOption {
      type = lib.types.str;
      default = "%r/secrets.d";
      description = ''
        Folder of the generations. `%r` is replaced by $XDG_RUNTIME_DIR.
      '';
    };

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

    environment = lib.mkOption {
      type = lib.types.attrsOf (lib.types.either lib.types.str lib.types.path);
      default = { };
      description = ''
        Environment variables of the installer.
      '';
    };

    package = lib.mkOption {
      type = lib.types.package;
      default = (pkgs.callPackage ../.. { }).sops-inlay;
      defaultText = lib.literalExpression "(pkgs.callPackage ../.. { }).sops-inlay";
      description = ''
        Package with the program `sops-inlay`.
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
        What a failure leaves behind: everything as it was, or what could be installed; `auto` is the latter where nothing is
        installed yet.
      '';
    };

    integrity = lib.mkOption {
      type = lib.types.enum [
        "file"
        "values"
      ];
      default = "file";
      description = ''
        What is verified before values are used: the MAC over the whole sops `file`, or each of the `values` alone.
      '';
    };

    age = {
      keyFile = lib.mkOption {
        type = lib.types.nullOr pathNotInStore;
        default = null;
        example = "/home/someuser/.age-key.txt";
        description = ''
          File of age identities that decrypts the sops files.
        '';
      };

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

      sshKeyPaths = lib.mkOption {
        type = lib.types.listOf lib.types.path;
        default = [ ];
        description = ''
          SSH keys used as age identities.
        '';
      };

      recipients = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
        description = ''
          Public keys of this user. When any is given, the build fails on a sops file that is encrypted to none of them.
        '';
      };
    };

    gnupg = {
      package = lib.mkOption {
        type = lib.types.package;
        default = pkgs.gnupg;
        defaultText = lib.literalExpression "pkgs.gnupg";
        description = ''
          The gnupg package.
        '';
      };

      home = lib.mkOption {
        type = lib.types.nullOr lib.types.str;
        default = null;
        example = "/home/someuser/.gnupg";
        description = ''
          Folder of the GnuPG key ring that decrypts the sops files.
        '';
      };

      qubes-split-gpg = {
        enable = lib.mkEnableOption "Enable support for Qubes Split GPG feature: https://www.qubes-os.org/doc/split-gpg";

        domain = lib.mkOption {
          type = lib.types.nullOr lib.types.str;
          default = null;
          example = "vault-gpg";
          description = ''
            The qube that holds the GPG keys.
          '';
        };
      };

      sshKeyPaths = lib.mkOption {
        type = lib.types.listOf lib.types.path;
        default = [ ];
        description = ''
          RSA SSH keys used as OpenPGP keys. Excludes {option}`sops.gnupg.home`.
        '';
      };
    };
  };
}
