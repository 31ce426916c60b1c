# Numbers are exact and stay what they are: floats have a point, which TOML asks for, and PyYAML before an exponent.
# holds: template("e")["content"].splitlines() == ['BIG="1.0e+100"', 'HALF="1.5"', 'ONE="1.0"', 'SMALL="1.0e-07"']
# holds: template("i")["content"] == "[s]\nbig=1.0e+100\nhalf=1.5\none=1.0\nsmall=1.0e-07\n"
# holds: [type(v) for v in tomllib.loads(template("t")["content"])["s"].values()] == [float] * 4
# holds: json.loads(template("j")["content"])["s"] == {"big": 1e100, "half": 1.5, "one": 1.0, "small": 1e-7}
# holds: template("y")["content"] == '{"s":{"big":1.0e+100,"half":1.5,"one":1.0,"small":1.0e-07}}\n'
let
  s = {
    big = 1.0e100;
    half = 1.5;
    one = 1.0;
    small = 0.0000001;
  };
in
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.e.env = {
    BIG = s.big;
    HALF = s.half;
    ONE = s.one;
    SMALL = s.small;
  };
  sops.templates.i.ini = { inherit s; };
  sops.templates.t.toml = { inherit s; };
  sops.templates.j.json = { inherit s; };
  sops.templates.y.yaml = { inherit s; };
}
