# Whoever knows that nothing asks has the secrets before other services.
# holds: "basic.target" in field("agenix.service", "Before")
{ pkgs, ... }:
{
  imports = [ ../base-hm-age.nix ];
  age.plugins = [ pkgs.age-plugin-yubikey ];
  age.beforeBasic = true;
  age.secrets.one.file = ../files/one.age;
}
