# Decrypted before users exist, owned after.
# holds: "userborn.service" in field("agenix-install-secrets.service", "Before")
# holds: "userborn.service" in field("agenix-chown.service", "After")
# holds: "sysinit.target" in field("agenix-chown.service", "Before")
{
  imports = [ ../base-age.nix ];
  services.userborn.enable = true;
  age.secrets.one.file = ../files/one.age;
}
