# Template text from attribute sets. Every string stands in quotes, where the engine knows how to escape a value.
{ lib }:
let
  # What has no JSON form of its own (paths, derivations) is text.
  plain =
    value:
    if lib.isDerivation value || lib.isPath value then
      "${value}"
    else if lib.isAttrs value then
      lib.mapAttrs (_: plain) value
    else if lib.isList value then
      map plain value
    else
      value;
  json = value: builtins.toJSON (plain value);

  scalar =
    value:
    if value == null then
      ""
    else if lib.isBool value then
      lib.boolToString value
    else
      toString (plain value);

  envLine =
    name: value:
    assert lib.assertMsg (
      !(lib.isAttrs (plain value) || lib.isList value)
    ) "env: ${name} must be a string, number or bool";
    ''${name}="${lib.escape [ "\\" "\"" "$" "`" ] (scalar value)}"'';

  # TOML strings in double quotes take JSON's escapes.
  tomlKey = name: if builtins.match "[A-Za-z0-9_-]+" name != null then name else builtins.toJSON name;
  tomlValue =
    value:
    if lib.isAttrs value then
      "{ ${
        lib.concatStringsSep ", " (lib.mapAttrsToList (n: v: "${tomlKey n} = ${tomlValue v}") value)
      } }"
    else if lib.isList value then
      "[ ${lib.concatMapStringsSep ", " tomlValue value} ]"
    else if value == null then
      throw "toml: there is no null in TOML; leave the key out"
    else
      builtins.toJSON value;
  # A table's own values come before the tables in it, or they would belong to those.
  tomlTable =
    path: table:
    let
      inner = lib.filterAttrs (_: lib.isAttrs) table;
      own = lib.filterAttrs (_: value: !(lib.isAttrs value)) table;
      header =
        lib.optional (path != [ ] && (own != { } || inner == { }))
          "[${lib.concatMapStringsSep "." tomlKey path}]";
    in
    header
    ++ lib.mapAttrsToList (n: v: "${tomlKey n} = ${tomlValue v}") own
    ++ lib.concatLists (lib.mapAttrsToList (n: v: tomlTable (path ++ [ n ]) v) inner);

  lines = texts: lib.concatStringsSep "\n" texts + "\n";

  renderers = {
    env = value: lines (lib.mapAttrsToList envLine (lib.filterAttrs (_: v: v != null) value));
    json = value: json value + "\n";
    # JSON is YAML.
    yaml = value: json value + "\n";
    toml = value: lines (tomlTable [ ] (plain value));
    ini = lib.generators.toINI { mkKeyValue = name: value: "${name}=${scalar value}"; };
  };
in
{
  names = lib.attrNames renderers;
  render = name: renderers.${name};
}
