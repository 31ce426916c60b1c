# Two sources of one text.
# assertion: sops.templates.a takes one of json, content
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    json.a = 1;
    content = "x";
  };
}
