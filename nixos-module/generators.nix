# Template text from attribute sets. Every string stands in quotes, where the engine knows how to escape a value; INI has none.
{ lib }:
let
  inherit (import ./generators/values.nix { inherit lib; }) plain json;
  toml = refuse: import ./generators/toml.nix { inherit lib refuse; };
  pairs = refuse: import ./generators/pairs.nix { inherit lib refuse; };

  # By name: the formats that the text may have; and the text, of what refuses a value, the format and the values.
  generators = {
    env = {
      formats = [
        "env"
        "docker-env"
        "sh"
      ];
      render = refuse: (pairs refuse).env;
    };
    ini = {
      formats = [ "ini" ];
      render = refuse: _: (pairs refuse).ini;
    };
    toml = {
      formats = [ "toml" ];
      render = refuse: _: toml refuse;
    };
    # JSON is YAML.
    json = {
      formats = [
        "json"
        "yaml"
      ];
      render =
        _: _: value:
        "${json value}\n";
    };
    yaml = {
      formats = [
        "yaml"
        "json"
      ];
      render =
        _: _: value:
        "${json value}\n";
    };
  };
in
{
  names = lib.attrNames generators;

  # The text of template `name` by `generator`.
  render =
    generator:
    { name, format }:
    value:
    let
      inherit (generators.${generator}) formats render;
      refuse =
        path: why: throw "template ${name}: ${lib.concatStringsSep "." ([ generator ] ++ path)}: ${why}";
    in
    if lib.elem format formats then
      render refuse format (plain value)
    else
      refuse [ ]
        "the format ${toString format} is not one that it writes: ${lib.concatStringsSep ", " formats}";
}
