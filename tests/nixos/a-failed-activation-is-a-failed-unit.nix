{
  nodes.machine = {
    sops.secrets.api_key = { };
    sops.age.keyFile = "/etc/no-such-key";
    sops.requiredBy = [ "app.service" ];
    systemd.services.app = {
      wantedBy = [ "multi-user.target" ];
      serviceConfig.ExecStart = "/bin/sh -c 'exec sleep infinity'";
    };
  };
  testScript = ''
    machine.wait_for_unit("multi-user.target")
    machine.succeed("systemctl is-failed sops-install-secrets-result.service")
    machine.fail("systemctl is-active app.service")
  '';
}
