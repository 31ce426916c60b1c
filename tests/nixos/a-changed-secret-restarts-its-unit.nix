{
  nodes.machine =
    { config, lib, ... }:
    {
      sops.secrets.watched = {
        key = lib.mkDefault "api_key";
        restartUnits = [ "app.service" ];
      };
      systemd.services.app = {
        wantedBy = [ "multi-user.target" ];
        serviceConfig.ExecStart = "/bin/sh -c 'exec sleep infinity'";
      };
      specialisation.changed.configuration.sops.secrets.watched.key = "token";
    };
  testScript = ''
    machine.wait_for_unit("app.service")
    pid = machine.succeed("systemctl show -p MainPID --value app").strip()
    machine.succeed("/run/current-system/bin/switch-to-configuration test")
    assert machine.succeed("systemctl show -p MainPID --value app").strip() == pid
    machine.succeed("/run/current-system/specialisation/changed/bin/switch-to-configuration test")
    assert machine.succeed("cat /run/secrets/watched") == "t0ken"
    assert machine.succeed("systemctl show -p MainPID --value app").strip() != pid
  '';
}
