# The owner of a template is the user of a service: which units there are does not depend on it.
# holds: "sops-install-secrets-for-users-owners.service" in r["units"]
{ config, ... }:
{
  imports = [ ../base.nix ];
  services.userborn.enable = true;
  sops.secrets.alice_password.neededForUsers = true;
  systemd.services.app.serviceConfig.User = "app";
  sops.templates.a = {
    neededForUsers = true;
    owner = config.systemd.services.app.serviceConfig.User;
    content = config.sops.placeholder.alice_password;
  };
}
