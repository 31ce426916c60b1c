# Single values as text. JSON values are YAML's and, strings and numbers, TOML's as well.
{ lib }:
rec {
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

  # `{ _raw = placeholder; }`: no quotes around it, so the value keeps the type that it has in the sops file.
  isRaw = value: lib.isAttrs value && value ? _raw;
  isTable = value: lib.isAttrs value && !(isRaw value);

  # DEL is the one character that JSON leaves as it is and TOML and YAML refuse.
  quoted =
    text: lib.replaceStrings [ (builtins.fromJSON ''"\u007f"'') ] [ "\\u007f" ] (builtins.toJSON text);

  # Without a point it were no float: to TOML never, to some YAML readers not with an exponent either.
  float =
    value:
    let
      parts = lib.splitString "e" (builtins.toJSON value);
      number = lib.head parts;
    in
    lib.concatStringsSep "e" (
      [ (if lib.hasInfix "." number then number else "${number}.0") ] ++ lib.tail parts
    );

  # Numbers, bools and text without quotes.
  bare =
    value:
    if lib.isBool value then
      lib.boolToString value
    else if lib.isFloat value then
      float value
    else
      toString value;

  json =
    value:
    if isRaw value then
      value._raw
    else if lib.isAttrs value then
      "{${lib.concatStringsSep "," (lib.mapAttrsToList (n: v: "${quoted n}:${json v}") value)}}"
    else if lib.isList value then
      "[${lib.concatMapStringsSep "," json value}]"
    else if lib.isFloat value then
      float value
    else
      quoted value;

  lines = lib.concatMapStrings (text: "${text}\n");
}
