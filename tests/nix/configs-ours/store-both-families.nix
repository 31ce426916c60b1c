# The manifests of both families hold tokens, which is what they are for.
# modules: default
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  sops.templates.b = {
    neededForUsers = true;
    content = config.sops.placeholder.token;
  };
  age.identityPaths = [ "/run/age-keys.txt" ];
  age.secrets.one.file = ../files/one.age;
  age.templates.a.content = config.age.placeholder.one;
}
