# agenix's paths are written for a shell, which gets them in quotes; the manifest has one variable, %r.
{ config, lib }:
let
  inManifest = lib.replaceStrings [ "%" ] [ "%%" ];
  variables = {
    XDG_RUNTIME_DIR = "%r";
    HOME = inManifest config.home.homeDirectory;
    USER = inManifest config.home.username;
  };
  # `$NAME` or `''${NAME}`: the name in the first or the second group.
  reference = "\\$([A-Za-z_][A-Za-z0-9_]*)|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}";
  nameOf = groups: lib.findFirst (group: group != null) "" groups;
  parts = lib.split reference;
  isKnown = part: lib.isString part || variables ? ${nameOf part};
  rest = text: lib.concatStrings (lib.filter lib.isString (parts text));
in
{
  expanded =
    text:
    lib.concatMapStrings (
      part: if lib.isString part then inManifest part else variables.${nameOf part} or ""
    ) (parts text);

  assertion = option: text: {
    assertion =
      lib.all isKnown (parts text) && !lib.hasInfix "$" (rest text) && !lib.hasInfix "`" (rest text);
    message = "${option} = \"${text}\": of a shell's variables only $XDG_RUNTIME_DIR, $HOME and $USER are replaced";
  };
}
