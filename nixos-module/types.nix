# Types that several options share.
{ lib }:
{
  # A private key in the store is readable by everyone.
  pathNotInStore = lib.mkOptionType {
    name = "pathNotInStore";
    description = "path not in the Nix store";
    descriptionClass = "noun";
    check = x: !lib.path.hasStorePathPrefix (/. + x);
    merge = lib.mergeEqualOption;
  };

  coercibleToString = lib.types.mkOptionType {
    name = "coercibleToString";
    description = "value that can be coerced to string";
    check = lib.strings.isConvertibleWithToString;
    merge = lib.mergeEqualOption;
  };

  # What `env`, `json`, … of a template take; derivations count as their path.
  data =
    let
      value =
        lib.types.nullOr (
          lib.types.oneOf [
            lib.types.bool
            lib.types.int
            lib.types.float
            lib.types.str
            lib.types.path
            (lib.types.attrsOf value)
            (lib.types.listOf value)
          ]
        )
        // {
          description = "JSON-like value";
        };
    in
    value;
}
