# `sops.secrets`, and the defaults that all of them take.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  users = config.users.users;
  placed = import ./placed.nix { inherit lib; };
  common = import ./common.nix { inherit cfg lib pkgs; };

  secretType = lib.types.submodule (
    { config, options, ... }:
    {
      config = {
        sopsFile = lib.mkOptionDefault cfg.defaultSopsFile;
        sopsFileHash = lib.mkOptionDefault (
          lib.optionalString cfg.validateSopsFiles "${builtins.hashFile "sha256" config.sopsFile}"
        );
        # A default of `key` must not select in formats where sops-nix installs the whole file.
        keyForManifest =
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
      options = {
        name = lib.mkOption {
          type = lib.types.str;
          default = config._module.args.name;
          defaultText = lib.literalMD "the attribute's name";
          description = ''
            Name of the file below `/run/secrets`.
          '';
        };
        key = lib.mkOption {
          type = lib.types.str;
          default = if cfg.defaultSopsKey != null then cfg.defaultSopsKey else config._module.args.name;
          defaultText = lib.literalMD "{option}`sops.defaultSopsKey`, or the attribute's name";
          description = ''
            Place of the value in the sops file: `a/b/0` walks through maps and lists; `\/` stands for a slash in a key, `\\` for a backslash.
            "" means the whole file.
            In dotenv, ini and binary files the whole file is installed unless this option is set; a binary file has no keys.
          '';
        };
        keyForManifest = lib.mkOption {
          type = lib.types.nullOr lib.types.str;
          internal = true;
          visible = false;
          readOnly = true;
        };
        path = lib.mkOption {
          type = lib.types.str;
          default =
            if config.neededForUsers then
              "/run/secrets-for-users/${config.name}"
            else
              "/run/secrets/${config.name}";
          defaultText = lib.literalMD "`/run/secrets-for-users/NAME` when `neededForUsers` is set, `/run/secrets/NAME` otherwise";
          description = ''
            Path where the secret is linked.
            If the default is kept no link is created, for the file is there.
          '';
        };
        owner = lib.mkOption {
          type = with lib.types; nullOr str;
          default = null;
          description = ''
            User that owns the file. Can only be set if uid is 0.
          '';
        };
        uid = lib.mkOption {
          type = with lib.types; nullOr int;
          default = 0;
          description = ''
            Number of the user that owns the file, where owner is null. It need not be the number of a known user.
          '';
        };
        group = lib.mkOption {
          type = with lib.types; nullOr str;
          default =
            if config.owner != null then
              users.${config.owner}.group
                or (throw "sops.secrets.${config._module.args.name}.owner: there is no user '${config.owner}' in users.users; set group too")
            else
              null;
          defaultText = lib.literalMD "{option}`config.users.users.\${owner}.group`";
          description = ''
            Group of the file. Can only be set if gid is 0.
          '';
        };
        gid = lib.mkOption {
          type = with lib.types; nullOr int;
          default = 0;
          description = ''
            Number of the group of the file, where group is null. It need not be the number of a known group.
          '';
        };
        sopsFile = lib.mkOption {
          type = lib.types.path;
          defaultText = lib.literalExpression "\${config.sops.defaultSopsFile}";
          description = ''
            Sops file that holds the secret.
          '';
        };
        sopsFileHash = lib.mkOption {
          type = lib.types.str;
          readOnly = true;
          description = ''
            Hash of the sops file, for {option}`systemd.services.<name>.restartTriggers`. It changes with every
            re-encryption; `restartUnits` looks at the value.
          '';
        };
        neededForUsers = lib.mkOption {
          type = lib.types.bool;
          default = false;
          description = ''
            Whether the secret is decrypted before users and groups are created, for their passwords.
            It lies below `/run/secrets-for-users` then, and belongs to root.
          '';
        };
        inherit (common.secret) mode install;
        format = common.secret.format [
          "yaml"
          "json"
          "binary"
          "dotenv"
          "ini"
        ];
        inherit (placed)
          symlink
          paths
          restartUnits
          reloadUnits
          restartUserUnits
          reloadUserUnits
          credential
          ;
      };
    }
  );
in
{
  options.sops = {
    inherit (common.defaults) defaultSopsFile defaultSopsFormat defaultSopsKey;

    secrets = lib.mkOption {
      type = lib.types.attrsOf secretType;
      default = { };
      description = ''
        Secrets to decrypt.
      '';
    };

    validateSopsFiles = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = ''
        Whether the sops files are looked at when the system is built: that they are there, have the format said and the
        keys asked for. They must be in the Nix store for that.
      '';
    };
  };
}
