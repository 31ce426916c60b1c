# A configuration that orders the unit after a mount.
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  systemd.services.sops-install-secrets = {
    after = [ "persist.mount" ];
    requires = [ "persist.mount" ];
  };
}
