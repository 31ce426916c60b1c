# Another old name.
{
  imports = [ ../base.nix ];
  sops.sshKeyPaths = [ "/etc/ssh/rsa" ];
  sops.secrets.db_password = { };
}
