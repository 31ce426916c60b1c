# The same with userborn.
# holds: "sysinit.target" in field("sops-install-secrets-for-users-owners.service", "Before")
# holds: "userborn.service" in field("sops-install-secrets-for-users-owners.service", "After")
{ config, ... }:
{
  imports = [ ../base.nix ];
  services.userborn.enable = true;
  sops.secrets.alice_password.neededForUsers = true;
  sops.templates.a = {
    neededForUsers = true;
    owner = "app";
    content = config.sops.placeholder.alice_password;
  };
}
