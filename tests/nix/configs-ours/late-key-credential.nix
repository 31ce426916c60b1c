# A credential on a network mount; the unit waits for the mount.
# holds: "sysinit.target" not in field("sops-install-secrets.service", "Before")
# warning: waits for /net: other services
# holds: "/net/key" in field("sops-install-secrets.service", "RequiresMountsFor")
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  sops.age.keyCredential = "key:/net/key";
  fileSystems."/net" = {
    device = "server:/x";
    fsType = "nfs";
  };
}
