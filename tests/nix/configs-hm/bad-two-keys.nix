# Key ring and RSA keys.
{
  imports = [ ../base-hm.nix ];
  sops.gnupg.home = "/home/alice/.gnupg";
  sops.gnupg.sshKeyPaths = [ "/home/alice/.ssh/id_rsa" ];
  sops.secrets.token = { };
}
