# A template with both; the program takes the content.
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    content = "x";
    file = ../files/template.conf;
  };
}
