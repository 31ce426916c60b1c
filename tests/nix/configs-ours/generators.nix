# Templates from attribute sets.
# holds: template("e")["content"].splitlines()[:2] == ["ODD=\"a \\\"b\\\" \\$c \\`d\\` \\\\e\"", "ON=\"true\""]
# holds: [template(n)["format"] for n in "ejyti"] == ["env", "json", "yaml", "toml", "ini"]
# holds: json.loads(template("j")["content"])["db"]["hosts"] == ["a", "b"]
# holds: tomllib.loads(template("t")["content"])["db"]["inner"] == {"a": True}
# holds: tomllib.loads(template("t")["content"])["db"]["ports"] == [1, 2]
# holds: "[smtp]\npassword=" in template("i")["content"]
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.e.env = {
    TOKEN = config.sops.placeholder.token;
    ODD = "a \"b\" $c `d` \\e";
    PORT = 80;
    ON = true;
    OFF = null;
  };
  sops.templates.j.json.db = {
    password = config.sops.placeholder.token;
    hosts = [
      "a"
      "b"
    ];
  };
  sops.templates.y.yaml.password = config.sops.placeholder.token;
  sops.templates.t.toml = {
    title = "x";
    db = {
      password = config.sops.placeholder.token;
      ports = [
        1
        2
      ];
      inner.a = true;
    };
  };
  sops.templates.i.ini.smtp.password = config.sops.placeholder.token;
}
