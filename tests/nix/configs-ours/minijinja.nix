# A minijinja template.
# holds: template("a")["delimiters"] == {"variable": ["<<", ">>"]}
# holds: template("a")["engine"] == "minijinja"
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    engine = "minijinja";
    delimiters.variable = [
      "<<"
      ">>"
    ];
    content = "<< token >>";
  };
}
