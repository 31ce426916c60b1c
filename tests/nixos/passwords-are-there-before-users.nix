let
  alice =
    { config, ... }:
    {
      sops.secrets.alice_password.neededForUsers = true;
      users.users.alice = {
        isNormalUser = true;
        hashedPasswordFile = config.sops.secrets.alice_password.path;
      };
    };
in
{
  nodes.perl = alice;
  nodes.userborn = {
    imports = [ alice ];
    services.userborn.enable = true;
  };
  nodes.sysusers = {
    imports = [ alice ];
    systemd.sysusers.enable = true;
    users.users.alice.isNormalUser = false;
    users.users.alice.isSystemUser = true;
    users.users.alice.group = "app";
    users.mutableUsers = true;
  };
  testScript = ''
    for machine in [perl, userborn, sysusers]:
        machine.wait_for_unit("multi-user.target")
        machine.succeed("getent shadow alice | grep -F '$6$saltsalt$notreal'")
  '';
}
