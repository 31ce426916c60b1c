{
  nodes.machine =
    { lib, ... }:
    {
      sops.secrets.api_key = { };
      sops.secrets.token.path = "/etc/app/token";
      specialisation.fewer.configuration.sops.secrets = lib.mkForce { api_key = { }; };
    };
  testScript = ''
    machine.wait_for_unit("multi-user.target")
    machine.succeed("test -e /etc/app/token")
    machine.succeed("/run/current-system/specialisation/fewer/bin/switch-to-configuration test")
    machine.fail("test -e /run/secrets/token")
    machine.fail("test -L /etc/app/token")
    machine.succeed("test -e /run/secrets/api_key")
  '';
}
