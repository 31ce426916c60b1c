# A plugin may wait for a touch, which must not hold up the login.
# holds: field("sops-nix.service", "Before") == []
# holds: field("agenix.service", "Before") == []
# holds: field("agenix.service", "DefaultDependencies") == ["true"]
# holds: r["warnings"] == []
{ pkgs, ... }:
{
  imports = [ ../base-hm.nix ];
  sops.age.plugins = [ pkgs.age-plugin-yubikey ];
  sops.secrets.token = { };
  age.plugins = [ pkgs.age-plugin-yubikey ];
  age.secrets.one.file = ../files/one.age;
}
