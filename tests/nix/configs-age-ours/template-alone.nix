# A template without secrets is installed too, and needs no key.
# holds: template("a")["content"] == "hello"
# holds: "agenixInstall" in r["activationScripts"]
{ lib, ... }:
{
  imports = [ ../base-age.nix ];
  age.identityPaths = lib.mkForce [ ];
  age.templates.a.content = "hello";
}
