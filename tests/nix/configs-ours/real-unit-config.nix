# As on NixOS, where a unit's `unitConfig` follows from its order.
# modules: default
# holds: "sysinit.target" in field("sops-install-secrets.service", "Before")
# holds: "sysinit.target" in field("agenix-install-secrets.service", "Before")
{
  imports = [
    ../base.nix
    ../real-units.nix
  ];
  services.userborn.enable = true;
  sops.secrets.token = { };
  age.identityPaths = [ "/run/age-keys.txt" ];
  age.secrets.one.file = ../files/one.age;
}
