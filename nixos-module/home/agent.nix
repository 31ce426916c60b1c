# How a user's installer is run: the systemd unit, and the steps of home-manager's activation.
{
  config,
  lib,
  pkgs,
}:
let
  # What home-manager runs from NixOS has no XDG_RUNTIME_DIR.
  runtime = ''XDG_RUNTIME_DIR="''${XDG_RUNTIME_DIR:-/run/user/$UID}"'';
  state = "${config.xdg.stateHome}/sops-inlay";

  # An entry of lib.hm.dag, which other modules than home-manager's need not have. A step without a place would come before
  # the units are linked, and even before those that look for reasons not to activate. Names that are not there do no harm.
  step = text: {
    before = [ ];
    after = [
      "writeBoundary"
      "linkGeneration"
      "installPackages"
      "onFilesChange"
      "reloadSystemd"
    ];
    data = text;
  };
in
rec {
  # Units are restarted by systemctl, which only NixOS has in a place of its own.
  systemctlFolder =
    files:
    lib.optional (lib.any (file: file.restartUnits != [ ] || file.reloadUnits != [ ]) files) (
      dirOf config.systemd.user.systemctlPath
    );

  # The record of what was placed is found again by whoever removes it, whatever the session's variables say.
  setting = ''
    export SOPS_INLAY_STATE_DIR=${lib.escapeShellArg state}
  '';

  unit =
    {
      description,
      script,
      environment,
      # Units that this one is ordered before.
      before,
      # Whether that is so early that it cannot wait for what others wait for.
      early,
      wantedBy,
    }:
    {
      Unit = {
        Description = description;
        # Lists, because what is in them depends on units: those of a list are not looked at to know which settings there are.
        Before = [ (toString before) ];
        DefaultDependencies = lib.mkDefault [ (!early) ];
      };
      Service = {
        Type = "oneshot";
        Environment = lib.concatStringsSep " " (
          lib.mapAttrsToList (name: value: "'${name}=${value}'") (
            environment // { SOPS_RESTART_UNITS_VIA_SYSTEMCTL = "1"; }
          )
        );
        ExecStart = script;
      };
      Install.WantedBy = [ wantedBy ];
    };

  # Installs anew at each activation of the home.
  activation =
    {
      name,
      # Whether the activation goes on where the secrets cannot be installed.
      goOn,
    }:
    let
      systemctl = config.systemd.user.systemctlPath;
    in
    step ''
      systemdStatus=$(${runtime} ${systemctl} --user is-system-running 2>&1 || true)

      if [[ $systemdStatus != 'running' && $systemdStatus != 'degraded' ]]; then
        echo "User systemd daemon not running. Probably executed on boot where no manual start/reload is needed."
      elif [[ -v DRY_RUN ]]; then
        echo ${systemctl} restart --user ${name}
      else
        ${runtime} ${systemctl} restart --user ${name}${lib.optionalString goOn " || echo \"secrets are missing or old: 'journalctl --user -u ${name}' says why\" >&2"}
      fi

      unset systemdStatus
    '';

  leftovers = import ../leftovers.nix {
    inherit lib pkgs;
    folder = state;
    setting = ''
      export ${runtime}
    ''
    + setting;
    more.userMode = true;
    placed = text: step "if [[ ! -v DRY_RUN ]]; then\n${text}fi\n";
  };
}
