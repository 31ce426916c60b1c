# The keys of a sops file. They are clear text, and each format keeps top-level values on lines of their own.
{ lib }:
let
  # JSON has a parser in Nix.
  json =
    text:
    lib.attrNames (
      lib.filterAttrs (name: value: name != "sops" && lib.isString value) (builtins.fromJSON text)
    );

  # `key: ENC[…]` in YAML, `KEY=ENC[…]` in dotenv.
  lines =
    separator: text:
    lib.concatMap (
      line:
      let
        match = builtins.match "\"?([A-Za-z0-9_.-]+)\"?${separator}ENC\\[.*" line;
      in
      lib.optionals (match != null && !(lib.hasPrefix "sops_" (lib.head match))) match
    ) (lib.splitString "\n" text);

  all = {
    json = file: json (builtins.readFile file.sopsFile);
    yaml = file: lines ": " (builtins.readFile file.sopsFile);
    dotenv = file: lines "=" (builtins.readFile file.sopsFile);
    ini = _: throw "sops.files: list the keys of an ini file: keys = [ \"section/key\" ]";
  };
in
{
  wanted = file: if file.keys == "all" then all.${file.format} file else file.keys;
}
