# How a user's installer is run: the systemd unit, the launchd agent, and the step of home-manager's activation.
{
  config,
  lib,
  pkgs,
}:
{
  # Units are restarted by systemctl, which only NixOS has in a place of its own.
  systemctlFolder =
    files:
    lib.optional (lib.any (file: file.restartUnits != [ ] || file.reloadUnits != [ ]) files) (
      dirOf config.systemd.user.systemctlPath
    );

  unit =
    {
      description,
      script,
      environment,
      prompts,
      wantedBy,
    }:
    {
      Unit = {
        Description = description;
        Before = [ "graphical-session-pre.target" ] ++ lib.optional (!prompts) "basic.target";
      }
      # Ordered before basic.target it is done before any other service of the user starts.
      // lib.optionalAttrs (!prompts) { DefaultDependencies = false; };
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

  # Not tried: no darwin was at hand.
  launchd =
    {
      script,
      environment,
      logs,
    }:
    {
      enable = true;
      config = {
        Program = script;
        EnvironmentVariables = environment;
        KeepAlive = false;
        RunAtLoad = true;
        StandardOutPath = "${config.home.homeDirectory}/Library/Logs/${logs}/stdout";
        StandardErrorPath = "${config.home.homeDirectory}/Library/Logs/${logs}/stderr";
      };
    };

  # Installs anew at each activation of the home.
  activation =
    name:
    let
      systemctl = config.systemd.user.systemctlPath;
      label = "org.nix-community.home.${name}";
    in
    if pkgs.stdenv.isLinux then
      ''
        systemdStatus=$(${systemctl} --user is-system-running 2>&1 || true)

        if [[ $systemdStatus == 'running' || $systemdStatus == 'degraded' ]]; then
          ${systemctl} restart --user ${name}
        else
          echo "User systemd daemon not running. Probably executed on boot where no manual start/reload is needed."
        fi

        unset systemdStatus
      ''
    else
      ''
        /bin/launchctl bootout gui/$(id -u ${config.home.username})/${label} && true
        /bin/launchctl bootstrap gui/$(id -u ${config.home.username}) ${config.home.homeDirectory}/Library/LaunchAgents/${label}.plist
      '';
}
