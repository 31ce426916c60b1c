# Mounts of the host keys are waited for.
{
  imports = [ ../base.nix ];
  services.openssh.enable = true;
  sops.useSystemdActivation = true;
  sops.secrets.db_password = { };
}
