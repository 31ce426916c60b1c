# Paths in the runtime folder.
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token.path = "%r/token";
  sops.defaultSecretsMountPoint = "%r/mine.d";
  sops.defaultSymlinkPath = "/home/alice/secrets";
}
