# Formats of lines with a name and a value: environment files and INI. `refuse` stops at a path in them, with a reason.
{ lib, refuse }:
let
  inherit (import ./values.nix { inherit lib; }) isTable bare lines;

  oneLine = text: lib.replaceStrings [ "\n" "\r" ] [ "" "" ] text == text;

  # `null` leaves the line out.
  keyValues =
    line: values: lib.mapAttrsToList line (lib.filterAttrs (_: value: value != null) values);

  envLine =
    format: name: value:
    let
      text = bare value;
    in
    if lib.isAttrs value || lib.isList value then
      refuse [ name ] "must be a string, number or bool"
    else if builtins.match "[A-Za-z_][A-Za-z0-9_]*" name == null then
      refuse [
        name
      ] "the name of a variable consists of letters, digits and _, and does not begin with a digit"
    else if format != "docker-env" then
      ''${name}="${lib.escape [ "\\" "\"" "$" "`" ] text}"''
    else if oneLine text then
      "${name}=${text}"
    else
      refuse [ name ] "docker-env cannot hold line breaks";

  iniLine =
    path: name: value:
    if lib.isAttrs value || lib.isList value then
      refuse (
        path ++ [ name ]
      ) "must be a string, number or bool: INI has no lists, and no sections in sections"
    else if builtins.match "[^][#;= \t\n\r]([^=\n\r]*[^= \t\n\r])?" name == null then
      refuse (path ++ [ name ])
        "the name of an INI key holds no =, no line break and no blank at its ends, and does not begin with [ ] # or ;"
    else if !(oneLine (bare value)) then
      refuse (path ++ [ name ]) "an INI value cannot hold line breaks"
    else
      "${name}=${bare value}";
  ini =
    value:
    let
      section =
        name: values:
        if builtins.match "[^]\n\r]+" name == null then
          refuse [ name ] "the name of an INI section holds no ] and no line break"
        else
          lines ([ "[${name}]" ] ++ keyValues (iniLine [ name ]) values);
      top = keyValues (iniLine [ ]) (lib.filterAttrs (_: value: !(isTable value)) value);
    in
    lib.concatStringsSep "\n" (
      lib.optional (top != [ ]) (lines top)
      ++ lib.mapAttrsToList section (lib.filterAttrs (_: isTable) value)
    );
in
{
  env = format: values: lines (keyValues (envLine format) values);
  inherit ini;
}
