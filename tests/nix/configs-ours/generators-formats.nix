# Another format of the same kind.
# holds: template("d")["content"] == "ODD=a \"b\" $c\nON=true\n"
# holds: template("s")["content"] == "ODD=\"a \\\"b\\\" \\$c\"\n"
# holds: template("global")["content"] == "a=1\n\n[s]\nb=2\n"
# holds: [template(n)["content"] for n in ["none", "nothing"]] == ["", ""]
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.d = {
    format = "docker-env";
    env = {
      ODD = "a \"b\" $c";
      ON = true;
    };
  };
  sops.templates.s = {
    format = "sh";
    env.ODD = "a \"b\" $c";
  };
  # Keys before the first section; null leaves one out.
  sops.templates.global.ini = {
    a = 1;
    s = {
      b = 2;
      c = null;
    };
  };
  sops.templates.none.env = { };
  sops.templates.nothing.toml = { };
}
