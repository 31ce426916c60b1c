# Scripts of one's own between agenix's.
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
  system.activationScripts.mine = {
    deps = [ "agenix" ];
    text = "cat /run/agenix/one";
  };
  system.activationScripts.agenixNewGeneration.deps = [ "early" ];
  system.activationScripts.early = "true";
}
