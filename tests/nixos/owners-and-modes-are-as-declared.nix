{
  nodes.machine =
    { config, ... }:
    {
      sops.secrets.api_key.owner = "app";
      sops.secrets.token = {
        uid = 4242;
        gid = 4343;
        mode = "0440";
        path = "/etc/app/token";
      };
      sops.templates."app.env" = {
        owner = "app";
        mode = "0600";
        env.API_KEY = config.sops.placeholder.api_key;
      };
    };
  testScript = ''
    def access(path):
        return machine.succeed(f"stat -Lc %U:%G:%a {path}").strip()

    machine.wait_for_unit("multi-user.target")
    assert access("/run/secrets/api_key") == "app:app:400"
    assert access("/run/secrets/rendered/app.env") == "app:app:600"
    assert machine.succeed("stat -Lc %u:%g:%a /etc/app/token").strip() == "4242:4343:440"
    assert machine.succeed("findmnt -n -o FSTYPE /run/secrets.d").strip() == "ramfs"
    machine.fail("runuser -u nobody -- cat /run/secrets/api_key")
  '';
}
