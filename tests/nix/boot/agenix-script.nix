# agenix's options, with activation scripts.
{ config, ... }:
{
  imports = [ ./base.nix ];
  age.identityPaths = [ "/run/age-keys.txt" ];
  age.secrets.one = {
    file = ../files/one.age;
    owner = "app";
  };
  age.templates.a.content = config.age.placeholder.one;
  system.activationScripts.after = {
    deps = [ "agenix" ];
    text = "stat -Lc %U /run/agenix/one > /run/seen-after";
  };
}
