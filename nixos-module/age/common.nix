# Options of `age.*` that the NixOS module and the one for home-manager have alike: agenix's, then those it lacks.
{
  cfg,
  lib,
  pkgs,
}:
let
  inherit (lib) mkOption types;
  placed = import ../options/placed.nix { inherit lib; };
  sops = import ../options/common.nix {
    inherit lib pkgs;
    cfg.package = cfg.installPackage;
  };
  isInStore = file: lib.isPath file || lib.hasPrefix "${builtins.storeDir}/" (toString file);
in
{
  # Of each secret.
  secret = {
    file = mkOption {
      type = types.path;
      description = ''
        Age file the secret is loaded from.
      '';
    };
    mode = mkOption {
      type = types.str;
      default = "0400";
      description = ''
        Permissions of the decrypted secret, as chmod takes them: `0440`, `u=r,g=r`.
      '';
    };
    inherit (sops.secret) install;
    inherit (placed)
      symlink
      paths
      restartUnits
      reloadUnits
      ;
  };

  family = {
    secrets =
      secretType:
      mkOption {
        type = types.attrsOf secretType;
        default = { };
        description = ''
          Attrset of secrets.
        '';
      };
    identityPaths =
      { default, defaultText }:
      mkOption {
        type = types.listOf types.path;
        inherit default defaultText;
        # A path that is no string would be copied to the store, private key and all.
        apply = map toString;
        description = ''
          Files of SSH keys or age identities that decrypt the secrets.
        '';
      };

    plugins = sops.age.plugins;
    installPackage = sops.runtime.package;
    inherit (sops.runtime) validationPackage;
    onFailure = sops.runtime.onFailure // {
      default = "auto";
    };
    validateFiles = mkOption {
      type = types.bool;
      default = lib.all (secret: isInStore secret.file) (lib.attrValues cfg.secrets);
      defaultText = lib.literalMD "whether all files lie in the Nix store";
      description = ''
        Whether the age files are looked at when the configuration is built. They must be in the Nix store for that.
      '';
    };
    recipients = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… host" ];
      description = ''
        Public keys of this host or user. When any is given, the build fails on a file that is certainly encrypted to none of
        them. Of SSH keys that is known; files encrypted to age keys do not name them, and may be for any key of that kind.
      '';
    };
    templates =
      settings:
      mkOption {
        type = types.attrsOf (
          import ../options/template-type.nix (
            {
              inherit lib pkgs;
              family = "age";
              defaultPath = template: "${cfg.secretsDir}/rendered/${template.name}";
              defaultPathText = "`rendered/NAME` below {option}`age.secretsDir`";
            }
            // settings
          )
        );
        default = { };
        description = "Files with placeholders, rendered with the secrets they stand for.";
      };
  };
}
