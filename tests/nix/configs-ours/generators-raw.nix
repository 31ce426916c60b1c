# A placeholder without quotes takes the type that the value has in the sops file.
# holds: [template(n)["content"].split("<")[0] for n in "jty"] == ['{"list":[', 'list = [ ', '{"list":[']
# holds: ',"port":<SOPS:' in template("j")["content"] and '"text":"<SOPS:' in template("j")["content"]
# holds: "\nport = <SOPS:" in template("t")["content"] and '\ntext = "<SOPS:' in template("t")["content"]
{ config, ... }:
let
  data = {
    port._raw = config.sops.placeholder.number;
    text = config.sops.placeholder.number;
    list = [ { _raw = config.sops.placeholder.number; } ];
  };
in
{
  imports = [ ../base.nix ];
  sops.secrets.number = {
    sopsFile = ../files/secrets.json;
    format = "json";
  };
  sops.templates.j.json = data;
  sops.templates.t.toml = data;
  sops.templates.y.yaml = data;
}
