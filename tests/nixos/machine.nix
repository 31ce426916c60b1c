# What all machines have: a key, and a file with secrets that it opens.
{ lib, ... }:
{
  sops.defaultSopsFile = lib.mkDefault ../nix/files/secrets.yaml;
  sops.age.keyFile = lib.mkDefault "/etc/test-age-key";
  sops.gnupg.sshKeyPaths = lib.mkDefault [ ];
  age.identityPaths = lib.mkDefault [ "/etc/test-age-key" ];
  # A test's key may lie in the store. It is there before activation scripts run, which /etc is not.
  boot.initrd.postMountCommands = lib.mkDefault ''
    mkdir -p $targetRoot/etc
    cp ${../keys/age-test.txt} $targetRoot/etc/test-age-key
  '';

  users.users.app = {
    isSystemUser = true;
    group = "app";
  };
  users.groups.app = { };
}
