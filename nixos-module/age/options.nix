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
  mounts = import ../mounts.nix { inherit config lib; };
  late = import ../late.nix { inherit config options lib; } {
    family = "age";
    units = [
      "agenix-install-secrets.service"
      "agenix-chown.service"
    ];
    paths = cfg.identityPaths;
  };

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
            Path where the decrypted secret is installed.
          '';
        };
        mode = mkOption {
          type = types.str;
          default = "0400";
          description = ''
            Permissions of the decrypted secret, as chmod takes them: `0440`, `u=r,g=r`.
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
        inherit (placed)
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
    secrets = mkOption {
      type = types.attrsOf secretType;
      default = { };
      description = ''
        Attrset of secrets.
      '';
    };
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
    identityPaths = mkOption {
      type = types.listOf types.path;
      default =
        if config.services.openssh.enable or false then
          map (key: key.path) (
            lib.filter (key: key.type == "rsa" || key.type == "ed25519") config.services.openssh.hostKeys
          )
        else
          [ ];
      defaultText = lib.literalMD "The rsa and ed25519 keys from {option}`config.services.openssh.hostKeys`";
      description = ''
        Files of SSH keys or age identities that decrypt the secrets.
      '';
    };

    # From here on what agenix does not have.
    plugins = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages of age plugins that identities need.";
    };
    installPackage = mkOption {
      type = types.package;
      default = (pkgs.callPackage ../.. { }).sops-inlay;
      defaultText = lib.literalExpression "(pkgs.callPackage ../.. { }).sops-inlay";
      description = "Package with the program `sops-inlay`.";
    };
    validationPackage = mkOption {
      type = types.package;
      default =
        if pkgs.stdenv.buildPlatform == pkgs.stdenv.hostPlatform then
          cfg.installPackage
        else
          (pkgs.pkgsBuildHost.callPackage ../.. { }).sops-inlay;
      defaultText = lib.literalExpression "config.age.installPackage";
      description = "The package that checks the configuration when the system is built.";
    };
    onFailure = mkOption {
      type = types.enum [
        "abort"
        "partial"
        "auto"
      ];
      default = "abort";
      description = ''
        What a failure leaves behind: see {option}`sops.onFailure`.
      '';
    };
    allowDisk = mkOption {
      type = types.bool;
      default = false;
      description = "Whether secrets may be written to a disk where no memory file system can be mounted.";
    };
    recipients = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… host" ];
      description = ''
        Public keys of this host. When any is given, the build fails on a file that is certainly encrypted to none of them.
        Of SSH keys that is known; files encrypted to age keys do not name them, and may be for any key of that kind.
      '';
    };
    beforeSysinit = late.option;
    requiredBy = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "nginx.service" ];
      description = "Units that must not start unless the secrets were installed.";
    };
  };

  config = lib.mkIf (cfg.secrets != { }) {
    assertions = [
      {
        assertion = cfg.identityPaths != [ ];
        message = "age.identityPaths must be set, for example by enabling openssh.";
      }
    ]
    ++ lib.mapAttrsToList (name: secret: {
      assertion =
        !secret.symlink -> secret.path != "${cfg.secretsDir}/${secret.name}" || secret.paths != [ ];
      message = "age.secrets.${name}.symlink = false needs a `path` of its own, outside ${cfg.secretsDir}";
    }) cfg.secrets;
    warnings =
      lib.optional (
        cfg.ageBin != "${pkgs.age}/bin/age"
      ) "age.ageBin is not used: sops-inlay decrypts by itself. Put age plugins into age.plugins."
      ++ mounts.warnings "age" cfg.identityPaths
      ++ late.warnings;
  };
}
