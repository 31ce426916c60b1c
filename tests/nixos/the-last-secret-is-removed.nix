{
  nodes.machine =
    { lib, ... }:
    {
      sops.secrets.api_key = { };
      sops.secrets.token.path = "/etc/app/token";
      specialisation.none.configuration.sops.secrets = lib.mkForce { };
    };
  testScript = ''
    machine.wait_for_unit("multi-user.target")
    machine.succeed("test -e /run/secrets/api_key", "test -e /etc/app/token")
    machine.succeed("/run/current-system/specialisation/none/bin/switch-to-configuration test")
    machine.fail("test -e /run/secrets/api_key")
    machine.fail("test -L /etc/app/token")
    machine.succeed("test -z \"$(find /run/secrets.d -type f)\"")
  '';
}
