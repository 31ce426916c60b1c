# The keys of a sops file. They are clear text, and each format keeps top-level values on lines of their own.
{ lib }:
let
  # What sops writes for a value; text that only speaks of such values has no algorithm in it.
  mark = "ENC[AES256_GCM,";
  isEncrypted = value: lib.isString value && lib.hasPrefix mark value;

  # What stands before the mark, of each line that has one. Split at it: an expression over a long value would be too deep.
  beforeMark =
    text:
    map lib.head (
      lib.filter (parts: lib.length parts > 1) (map (lib.splitString mark) (lib.splitString "\n" text))
    );

  # JSON has a parser in Nix.
  json =
    _: text:
    lib.attrNames (
      lib.filterAttrs (name: value: name != "sops" && isEncrypted value) (builtins.fromJSON text)
    );

  # `KEY=ENC[…]`; the file's own data are such lines, too.
  dotenv =
    _: text:
    lib.concatMap (
      before:
      let
        match = builtins.match "([^#=][^=]*)=" before;
      in
      lib.optionals (match != null && !(lib.hasPrefix "sops_" (lib.head match))) match
    ) (beforeMark text);

  # `key: ENC[…]`, the key in quotes or not.
  yamlKey =
    refuse: before:
    let
      colon = " *: +[\"']?";
      plain = builtins.match "([^][{},#&*!|>%@`\"' :?-]([^:]|:[^ ])*|[:?-]([^: ]|:[^ ])([^:]|:[^ ])*)${colon}" before;
      single = builtins.match "'(([^']|'')*)'${colon}" before;
      # The escapes that JSON has as well.
      double = builtins.match "\"(([^\"\\]|\\\\([\"\\/bfnrt]|u[0-9a-fA-F]{4}))*)\"${colon}" before;
    in
    if plain != null then
      lib.head (builtins.match "(.*[^ ]) *" (lib.head plain))
    else if single != null then
      lib.replaceStrings [ "''" ] [ "'" ] (lib.head single)
    else if double != null then
      builtins.fromJSON "\"${lib.head double}\""
    else
      refuse "the key of the line that begins with `${before}` is not understood";
  yaml =
    refuse: text:
    map (yamlKey refuse) (
      # Deeper values, items of lists and comments.
      lib.filter (before: builtins.match "[ \t#].*|- .*" before == null) (beforeMark text)
    );

  all = { inherit json yaml dotenv; };

  escape = lib.replaceStrings [ "\\" "/" ] [ "\\\\" "\\/" ];
in
{
  # Names and keys of the secrets of `sops.files.NAME`. Listed keys are paths into the file, found ones are single keys.
  wanted =
    name: file:
    let
      refuse =
        why:
        throw "sops.files.${name}: ${why} (${toString file.sopsFile}, format ${file.format}); list the keys: keys = [ \"section/key\" ]";
      found = all.${file.format} refuse (builtins.readFile file.sopsFile);
    in
    if file.keys != "all" then
      map (key: {
        name = key;
        inherit key;
      }) file.keys
    else if !(all ? ${file.format}) then
      refuse "the keys of such a file are not looked for"
    else if found == [ ] then
      refuse "no encrypted top-level key found; is the format right?"
    else
      map (key: {
        name = key;
        key = escape key;
      }) found;
}
