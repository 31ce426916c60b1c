# Units before sysinit.target may be waited for, also by way of each other. NixOS sets options of systemd's own units, whose
# files say that they have no default dependencies.
# holds: "sysinit.target" in field("sops-install-secrets.service", "Before")
# holds: r["warnings"] == []
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  systemd.services.systemd-sysusers.stopIfChanged = false;
  systemd.services.unlock = {
    unitConfig.DefaultDependencies = false;
    before = [ "sops-install-secrets.service" ];
    after = [
      "systemd-udev-settle.service"
      "unlock.service"
      "dev-tpm0.device"
    ];
    serviceConfig.ExecStart = "/bin/true";
  };
  systemd.services.sops-install-secrets = {
    after = [ "persist.mount" ];
    requires = [ "persist.mount" ];
  };
}
