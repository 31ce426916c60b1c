# Options that secrets and templates of both families share: where and how the file is placed, and who is told.
# Those of sops-nix's own names stand with the rest of their family, for their texts and defaults differ.
{ lib }:
{
  symlink = lib.mkOption {
    type = lib.types.bool;
    default = true;
    description = ''
      Whether a symbolic link into the current generation is placed at `path`. With `false` a copy is placed there,
      for programs that refuse links; it is removed once it is no longer declared. A copy needs a `path` of its own.
    '';
  };

  paths = lib.mkOption {
    type = lib.types.listOf lib.types.str;
    default = [ ];
    example = [ "/etc/app/ca.pem" ];
    description = "More places where the file is linked, or copied where `symlink` is false.";
  };

  restartUnits = lib.mkOption {
    type = lib.types.listOf lib.types.str;
    default = [ ];
    example = [ "sshd.service" ];
    description = "Units that are restarted when the installed file changes.";
  };

  reloadUnits = lib.mkOption {
    type = lib.types.listOf lib.types.str;
    default = [ ];
    example = [ "sshd.service" ];
    description = "Units that are reloaded when the installed file changes.";
  };

  restartUserUnits = lib.mkOption {
    type = lib.types.listOf lib.types.str;
    default = [ ];
    example = [ "mbsync.service" ];
    description = ''
      Units of users that are restarted when the installed file changes: those of each user whose manager runs, where the
      unit is active.
    '';
  };

  reloadUserUnits = lib.mkOption {
    type = lib.types.listOf lib.types.str;
    default = [ ];
    example = [ "mbsync.service" ];
    description = "Units of users that are reloaded when the installed file changes, as `restartUserUnits`.";
  };

  credential = lib.mkOption {
    type = lib.types.nullOr (
      lib.types.submodule {
        options = {
          unit = lib.mkOption {
            type = lib.types.str;
            example = "app.service";
            description = "Service that gets the file.";
          };
          id = lib.mkOption {
            type = lib.types.str;
            example = "db-password";
            description = "Name of the credential: the service reads `$CREDENTIALS_DIRECTORY/ID`.";
          };
        };
      }
    );
    default = null;
    description = ''
      Hands the file to a service as a systemd credential (`LoadCredential=`). The file itself stays root's, so this is
      the way for services with `DynamicUser=`. The service is restarted when the file changes.
    '';
  };
}
