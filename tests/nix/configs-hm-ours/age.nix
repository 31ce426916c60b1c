# agenix's paths.
# holds: r["manifest"]["symlinkPath"] == "%r/agenix"
# holds: secret("one")["path"] == "%r/agenix/one"
# holds: template("a")["path"] == "%r/agenix/rendered/a"
{ config, ... }:
{
  imports = [ ../base-hm.nix ];
  age.identityPaths = [ "/home/alice/.ssh/id_ed25519" ];
  age.secrets.one.file = ../files/one.age;
  age.secrets.two = {
    file = ../files/two.age;
    path = "/home/alice/two";
  };
  age.templates.a.content = config.age.placeholder.one;
}
