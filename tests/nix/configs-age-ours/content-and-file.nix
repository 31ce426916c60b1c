# Text and file of one template.
# warning: age.templates.a.file is not used, for content is set too
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
  age.templates.a = {
    content = "a";
    file = ../files/template.conf;
  };
}
