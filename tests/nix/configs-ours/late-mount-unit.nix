# A unit waits for the mount.
# holds: r["warnings"] == []
# holds: field("sops-install-secrets.service", "RequiresMountsFor") == ["/persist/keys/age.txt"]
{
  imports = [ ../base.nix ];
  sops.age.keyFile = "/persist/keys/age.txt";
  fileSystems."/persist".device = "/dev/sdb1";
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
}
