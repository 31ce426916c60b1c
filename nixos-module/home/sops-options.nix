# The other `sops.*` options of a user: defaults, keys, how secrets are installed.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  common = import ../options/common.nix {
    inherit lib pkgs;
    cfg = config.sops;
  };
  late = import ./sops-late.nix { inherit config options lib; };
  inherit (import ../types.nix { inherit lib; }) pathNotInStore;
in
{
  options.sops = {
    inherit (common.defaults) defaultSopsFile defaultSopsFormat defaultSopsKey;
    inherit (common.runtime)
      keepGenerations
      log
      package
      validationPackage
      onFailure
      integrity
      ;

    beforeBasic = late.option;

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

    environment = lib.mkOption {
      type = lib.types.attrsOf (lib.types.either lib.types.str lib.types.path);
      default = { };
      description = ''
        Environment variables of the installer.
      '';
    };

    age = {
      inherit (common.age) plugins generateKey;

      keyFile = lib.mkOption {
        type = lib.types.nullOr pathNotInStore;
        default = null;
        example = "/home/someuser/.age-key.txt";
        description = ''
          File of age identities that decrypts the sops files.
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
      inherit (common.gnupg) package;

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
