# Units that come before sysinit.target although no option says so, and a target that waits for such ones alone.
# holds: "sysinit.target" in field("sops-install-secrets.service", "Before")
# holds: not r["warnings"]
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  systemd.services.sops-install-secrets.after = [
    "zfs-mount.service"
    "zfs-import-tank.service"
    "zfs-import.target"
    "tpm2.target"
    "keys.target"
  ];
  systemd.services.zfs-mount.wantedBy = [ "zfs.target" ];
  systemd.targets.keys.after = [ "local-fs.target" ];
}
