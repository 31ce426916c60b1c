# A host key that sops deploys is no key source.
{
  imports = [ ../base.nix ];
  services.openssh.enable = true;
  services.openssh.hostKeys = [
    {
      type = "ed25519";
      path = "/run/secrets/host-key";
    }
    {
      type = "ed25519";
      path = "/etc/ssh/other";
    }
  ];
  sops.secrets.db_password = { };
}
