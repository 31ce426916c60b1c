# `sops.files`: many secrets of one sops file, declared at once.
{ config, lib, ... }:
let
  keys = import ../sops-keys.nix { inherit lib; };

  fileType = lib.types.submodule (
    { config, ... }:
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
          default = "yaml";
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
            Keys that become secrets. `all`: every top-level key that has an encrypted value of its own; the keys of a sops file
            are not encrypted. Of ini files the keys must be listed.
          '';
        };
        prefix = lib.mkOption {
          type = lib.types.str;
          default = "";
          example = "web/";
          description = "Put before each key to make the secret's name.";
        };
        settings = lib.mkOption {
          type = lib.types.attrsOf lib.types.raw;
          default = { };
          example = {
            owner = "app";
            restartUnits = [ "app.service" ];
          };
          description = "Options of {option}`sops.secrets.<name>` that all these secrets get.";
        };
      };
    }
  );

  secretsOf =
    file:
    lib.listToAttrs (
      map (
        key:
        lib.nameValuePair (file.prefix + key) (
          file.settings
          // {
            inherit (file) sopsFile format;
            inherit key;
          }
        )
      ) (keys.wanted file)
    );
in
{
  options.sops.files = lib.mkOption {
    type = lib.types.attrsOf fileType;
    default = { };
    description = "Sops files whose keys are declared as secrets, many at once.";
  };

  config.sops.secrets = lib.mkMerge (map secretsOf (lib.attrValues config.sops.files));
}
