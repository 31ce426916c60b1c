# sops and age beside each other, both in units: neither asks the other where it is ordered.
# modules: default
# holds: "sysinit.target" in field("sops-install-secrets.service", "Before")
# holds: "sysinit.target" in field("agenix-install-secrets.service", "Before")
{
  imports = [ ../base.nix ];
  services.userborn.enable = true;
  sops.secrets.token = { };
  sops.secrets.alice_password.neededForUsers = true;
  age.identityPaths = [ "/run/age-keys.txt" ];
  age.secrets.token.file = ../files/one.age;
}
