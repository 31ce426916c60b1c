# RSA keys.
{
  imports = [ ../base.nix ];
  sops.gnupg.sshKeyPaths = [ "/etc/ssh/rsa" ];
  sops.secrets.db_password = { };
}
