# TOML from an attribute set. `refuse` stops at a path in it, with a reason.
{ lib, refuse }:
let
  inherit (import ./values.nix { inherit lib; })
    isRaw
    isTable
    quoted
    json
    lines
    ;

  # TOML strings in double quotes take JSON's escapes.
  tomlKey = name: if builtins.match "[A-Za-z0-9_-]+" name != null then name else quoted name;
  tomlValue =
    path: value:
    if isRaw value then
      value._raw
    else if lib.isAttrs value then
      "{ ${
        lib.concatStringsSep ", " (
          lib.mapAttrsToList (n: v: "${tomlKey n} = ${tomlValue (path ++ [ n ]) v}") value
        )
      } }"
    else if lib.isList value then
      "[ ${lib.concatMapStringsSep ", " (tomlValue path) value} ]"
    else if value == null then
      refuse path "there is no null in TOML; leave the key out"
    else
      json value;
  # A table's own values come before the tables in it, or they would belong to those.
  tomlTable =
    path: table:
    let
      inner = lib.filterAttrs (_: isTable) table;
      own = lib.filterAttrs (_: value: !(isTable value)) table;
      header =
        lib.optional (path != [ ] && (own != { } || inner == { }))
          "[${lib.concatMapStringsSep "." tomlKey path}]";
    in
    header
    ++ lib.mapAttrsToList (n: v: "${tomlKey n} = ${tomlValue (path ++ [ n ]) v}") own
    ++ lib.concatLists (lib.mapAttrsToList (n: v: tomlTable (path ++ [ n ]) v) inner);
in
table: lines (tomlTable [ ] table)
