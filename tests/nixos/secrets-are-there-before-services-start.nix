{
  nodes.machine =
    { config, ... }:
    {
      services.userborn.enable = true;
      sops.secrets.api_key = { };
      sops.templates."app.env".content = "API_KEY=${config.sops.placeholder.api_key}\n";
      # As early as a service with default dependencies can be.
      systemd.services.early = {
        wantedBy = [ "basic.target" ];
        before = [ "basic.target" ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          EnvironmentFile = config.sops.templates."app.env".path;
          ExecStart = "/bin/sh -c 'test \"$API_KEY\" = key-of-api'";
        };
      };
    };
  testScript = ''
    machine.wait_for_unit("multi-user.target")
    machine.succeed("systemctl is-active early.service")
  '';
}
