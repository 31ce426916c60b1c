{
  nodes.machine =
    { config, ... }:
    {
      age.secrets.one = {
        file = ../nix/files/one.age;
        owner = "app";
      };
      age.secrets.two = {
        file = ../nix/files/two.age;
        path = "/etc/app/two";
        symlink = false;
        mode = "u=r,g=r";
      };
      age.templates."app.conf".content = "two = ${config.age.placeholder.two}\n";
    };
  testScript = ''
    machine.wait_for_unit("multi-user.target")
    assert machine.succeed("cat /run/agenix/one") == "agenix one\n"
    assert machine.succeed("stat -Lc %U:%a /run/agenix/one").strip() == "app:400"
    assert machine.succeed("cat /etc/app/two") == "agenix two"
    assert machine.succeed("stat -c %F:%a /etc/app/two").strip() == "regular file:440"
    assert machine.succeed("cat /run/agenix/rendered/app.conf") == "two = agenix two\n"
  '';
}
