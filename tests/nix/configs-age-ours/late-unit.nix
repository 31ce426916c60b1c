# A unit that fetches the key comes after sysinit.target: users cannot wait for it then.
# holds: "sysinit.target" not in field("agenix-install-secrets.service", "Before")
# holds: "systemd-sysusers.service" not in field("agenix-install-secrets.service", "Before")
# holds: "sysinit.target" not in field("agenix-chown.service", "Before")
# warning: waits for fetch-key.service: other services
{
  imports = [ ../base-age.nix ];
  services.userborn.enable = true;
  age.secrets.one.file = ../files/one.age;
  systemd.services.fetch-key = {
    before = [ "agenix-install-secrets.service" ];
    serviceConfig.ExecStart = "/bin/true";
  };
}
