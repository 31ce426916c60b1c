# agenix's options, and those it lacks.
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
  users = config.users.users;
  placed = import ../options/placed.nix { inherit lib; };
  common = import ./common.nix { inherit cfg lib pkgs; };
  late = import ./late.nix { inherit config options lib; };

  secretType = types.submodule (
    { config, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = config._module.args.name;
          defaultText = lib.literalExpression "config._module.args.name";
          description = ''
            Name of the file used in {option}`age.secretsDir`
          '';
        };
        path = mkOption {
          type = types.str;
          default = "${cfg.secretsDir}/${config.name}";
          defaultText = lib.literalExpression ''"''${cfg.secretsDir}/''${config.name}"'';
          description = ''
            Path where the decrypted secret is installed.
          '';
        };
        owner = mkOption {
          type = types.str;
          default = "0";
          description = ''
            User of the decrypted secret, by name or number.
          '';
        };
        group = mkOption {
          type = types.str;
          default = users.${config.owner}.group or "0";
          defaultText = lib.literalExpression ''users.''${config.owner}.group or "0"'';
          description = ''
            Group of the decrypted secret, by name or number.
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
        inherit (placed) restartUserUnits reloadUserUnits credential;
      };
    }
  );
in
{
  imports = [
    (lib.mkRenamedOptionModule [ "age" "sshKeyPaths" ] [ "age" "identityPaths" ])
  ];

  options.age = {
    ageBin = mkOption {
      type = types.str;
      default = "${pkgs.age}/bin/age";
      defaultText = lib.literalExpression ''"''${pkgs.age}/bin/age"'';
      description = ''
        Not used: sops-inlay decrypts by itself. The option is here for configurations that set it; plugins go into
        {option}`age.plugins`.
      '';
    };
    secrets = common.family.secrets secretType;
    secretsDir = mkOption {
      type = types.path;
      default = "/run/agenix";
      description = ''
        Folder where secrets are symlinked to
      '';
    };
    secretsMountPoint = mkOption {
      type =
        types.addCheck types.str (
          s:
          (builtins.match "[ \t\n]*" s) == null # non-empty
          && (builtins.match ".+/" s) == null
        ) # without trailing slash
        // {
          description = "${types.str.description} (with check: non-empty without trailing slash)";
        };
      default = "/run/agenix.d";
      description = ''
        Where secrets are created before they are symlinked to {option}`age.secretsDir`
      '';
    };
    identityPaths = common.family.identityPaths {
      default =
        if config.services.openssh.enable or false then
          map (key: key.path) (
            lib.filter (key: key.type == "rsa" || key.type == "ed25519") config.services.openssh.hostKeys
          )
        else
          [ ];
      defaultText = lib.literalMD "The rsa and ed25519 keys from {option}`config.services.openssh.hostKeys`";
    };

    # From here on what agenix does not have.
    inherit (common.family)
      plugins
      installPackage
      validationPackage
      validateFiles
      recipients
      onFailure
      ;
    allowDisk = mkOption {
      type = types.bool;
      default = false;
      description = "Whether secrets may be written to a disk where no memory file system can be mounted.";
    };
    beforeSysinit = late.option;
    requiredBy = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "nginx.service" ];
      description = "Units that must not start unless the secrets were installed.";
    };
  };
}
