# A bind mount of a folder on a network mount.
# holds: "sysinit.target" not in field("sops-install-secrets.service", "Before")
# warning: waits for /persist: other services
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  sops.age.keyFile = "/persist/key";
  fileSystems."/persist" = {
    device = "/net/persist";
    fsType = "none";
    options = [ "bind" ];
  };
  fileSystems."/net" = {
    device = "server:/x";
    fsType = "nfs";
  };
}
