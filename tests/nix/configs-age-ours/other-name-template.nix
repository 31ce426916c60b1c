# A secret whose file has another name than the attribute, in a template.
# holds: r["manifest"]["placeholderBySecretName"]["uno"] in template("a")["content"]
{ config, ... }:
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    name = "uno";
    file = ../files/one.age;
  };
  age.templates.a.content = config.age.placeholder.one;
}
