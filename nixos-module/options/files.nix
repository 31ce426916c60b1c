# `sops.files`: many secrets of one sops file, declared at once.
{ config, lib, ... }:
let
  keys = import ../sops-keys.nix { inherit lib; };

  # Of several modules: lists one behind the other, as in the secrets themselves.
  setting = lib.mkOptionType {
    name = "setting";
    description = "setting of a secret";
    merge =
      loc: defs:
      if lib.all (def: lib.isList def.value) defs then
        lib.concatMap (def: def.value) defs
      else
        lib.mergeEqualOption loc defs;
  };

  fileType = lib.types.submodule (
    { ... }:
    {
      options = {
        sopsFile = lib.mkOption {
          type = lib.types.path;
          description = "The sops file.";
        };
        format = lib.mkOption {
          type = lib.types.enum [
            "yaml"
            "json"
            "dotenv"
            "ini"
          ];
          default = config.sops.defaultSopsFormat;
          defaultText = lib.literalExpression "config.sops.defaultSopsFormat";
          description = "Format of the sops file.";
        };
        keys = lib.mkOption {
          type = lib.types.either (lib.types.enum [ "all" ]) (lib.types.listOf lib.types.str);
          default = "all";
          example = [
            "db/password"
            "smtp/password"
          ];
          description = ''
            Keys that become secrets, as paths into the file: see {option}`sops.secrets.<name>.key`. `all`: every top-level key
            that has an encrypted value of its own, so neither maps and lists nor what the file leaves unencrypted or empty;
            the keys of a sops file are clear text. Of ini files the keys must be listed.
          '';
        };
        prefix = lib.mkOption {
          type = lib.types.str;
          default = "";
          example = "web/";
          description = "Put before each key to make the secret's name.";
        };
        settings = lib.mkOption {
          type = lib.types.attrsOf setting;
          default = { };
          example = {
            owner = "app";
            restartUnits = [ "app.service" ];
          };
          description = ''
            Options of {option}`sops.secrets.<name>` that all these secrets get. What a secret says of its own counts instead.
          '';
        };
      };
    }
  );

  secretsOf =
    name: file:
    lib.listToAttrs (
      map (
        wanted:
        lib.nameValuePair (file.prefix + wanted.name) (
          # Where a secret is also declared by itself, that counts.
          lib.mapAttrs (_: lib.mkDefault) (
            file.settings
            // {
              inherit (file) sopsFile format;
              inherit (wanted) key;
            }
          )
        )
      ) (keys.wanted name file)
    );
in
{
  options.sops.files = lib.mkOption {
    type = lib.types.attrsOf fileType;
    default = { };
    description = "Sops files whose keys are declared as secrets, many at once.";
  };

  config.sops.secrets = lib.mkMerge (lib.mapAttrsToList secretsOf config.sops.files);
}
