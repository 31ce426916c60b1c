# A template without a secret needs no key, so none is made.
# holds: "generate-age-key" not in r["activationScripts"]
{
  imports = [ ../base.nix ];
  sops.age.generateKey = true;
  sops.templates.a.content = "x";
}
