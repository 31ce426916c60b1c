{
  nodes.machine =
    { lib, ... }:
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
    before = machine.succeed("readlink /run/secrets")
    said = machine.succeed("/run/current-system/specialisation/changed/bin/switch-to-configuration dry-activate 2>&1")
    assert "app.service" in said, said
    assert machine.succeed("readlink /run/secrets") == before
    assert machine.succeed("cat /run/secrets/watched") == "key-of-api"
  '';
}
