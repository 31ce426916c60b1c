# Key ring and RSA keys.
{
  imports = [ ../base.nix ];
  sops.gnupg.home = "/root/.gnupg";
  sops.gnupg.sshKeyPaths = [ "/etc/ssh/rsa" ];
  sops.secrets.token = { };
}
