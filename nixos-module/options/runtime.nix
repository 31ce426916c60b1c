# How and when secrets are installed.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  common = import ./common.nix { inherit cfg lib pkgs; };
  late = import ../sops-late.nix { inherit config options lib; };
in
{
  options.sops = {
    inherit (common.runtime)
      keepGenerations
      log
      package
      validationPackage
      onFailure
      integrity
      ;

    environment = lib.mkOption {
      type = lib.types.attrsOf (lib.types.either lib.types.str lib.types.path);
      default = { };
      description = ''
        Environment variables of the installer.

        In activation scripts the values are placed in single quotes and not escaped any further, so that command
        substitutions can be spliced in; lib.escapeShellArg quotes strings with quotes.
      '';
    };

    useTmpfs = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = ''
        Use tmpfs in place of ramfs for secrets.

        *WARNING*
        Before Linux 6.4 a tmpfs may be written to swap, and the secrets with it. Do not use unless absolutely necessary, and
        then with encrypted swap:

        ```
        swapDevices = [{
          device = "/dev/sdXY";
          randomEncryption.enable = true;
        }];
        ```
      '';
    };

    useSystemdActivation = lib.mkOption {
      type = lib.types.bool;
      default =
        (options.systemd ? sysusers && config.systemd.sysusers.enable)
        || (options.services ? userborn && config.services.userborn.enable)
        || cfg.age.keyCredential != null;
      defaultText = lib.literalExpression (
        "(options.systemd ? sysusers && config.systemd.sysusers.enable) "
        + "|| (options.services ? userborn && config.services.userborn.enable) "
        + "|| config.sops.age.keyCredential != null"
      );
      description = ''
        Install secrets by a systemd unit instead of an activation script.

        Enabled where systemd-sysusers or userborn manage users. The unit runs before sysinit.target, so that services find
        their EnvironmentFile=, and after the mounts that hold the keys.
      '';
    };

    beforeSysinit = late.option;

    requiredBy = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "nginx.service" ];
      description = ''
        Units that must not start unless the secrets were installed. Those that run are not touched when secrets change or
        cannot be installed anew: `restartUnits` of a secret says who is restarted.
      '';
    };

    allowDisk = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = ''
        Whether secrets may be written to a disk where no memory file system can be mounted, as in some containers.
      '';
    };

    validateStore = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = ''
        Whether the build fails on placeholders that nothing renders: `config.sops.placeholder.x` put into an option that ends
        up in `/etc`, in a unit, in an activation script or in a file that one of those names, instead of a template.
      '';
    };
  };
}
