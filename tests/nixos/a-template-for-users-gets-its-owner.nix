{
  nodes.machine =
    { config, ... }:
    {
      sops.secrets.token = { };
      sops.secrets.alice_password.neededForUsers = true;
      sops.templates."for-users" = {
        neededForUsers = true;
        owner = "app";
        content = "${config.sops.placeholder.alice_password} ${config.sops.placeholder.token}";
      };
    };
  testScript = ''
    machine.wait_for_unit("multi-user.target")
    path = "/run/secrets-for-users/rendered/for-users"
    assert machine.succeed(f"cat {path}") == "$6$saltsalt$notreal t0ken"
    assert machine.succeed(f"stat -Lc %U:%a {path}").strip() == "app:400"
  '';
}
