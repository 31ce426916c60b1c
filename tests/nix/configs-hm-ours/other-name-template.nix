# Secrets whose files have other names than their attributes, in templates.
# holds: all(token in json.dumps(m["templates"]) for m in r["manifests"].values() for token in m["placeholderBySecretName"].values())
# holds: sorted(name for m in r["manifests"].values() for name in m["placeholderBySecretName"]) == ["t", "uno"]
{ config, ... }:
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token.name = "t";
  sops.templates.a.content = config.sops.placeholder.token;
  age.secrets.one = {
    name = "uno";
    file = ../files/one.age;
  };
  age.templates.a.content = config.age.placeholder.one;
}
