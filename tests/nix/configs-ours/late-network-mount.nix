# The key lies on a network mount, which comes after sysinit.target.
# holds: "sysinit.target" not in field("sops-install-secrets.service", "Before")
# holds: "/net/keys/key.txt" in field("sops-install-secrets.service", "RequiresMountsFor")
# warning: waits for /net/keys: other services
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  sops.age.keyFile = "/net/keys/key.txt";
  fileSystems."/net/keys" = {
    device = "server:/keys";
    fsType = "nfs4";
  };
}
