# agenix's paths are written for a shell, which gets them in double quotes; the manifest has one variable, %r.
{ config, lib }:
let
  inManifest = text: lib.replaceStrings [ "%" ] [ "%%" ] (toString text);
  variables = {
    XDG_RUNTIME_DIR = "%r";
    HOME = inManifest config.home.homeDirectory;
    USER = inManifest config.home.username;
  };
  # `$NAME` or `${NAME}`: the name is in the first or in the second group.
  parts = lib.split "\\$([A-Za-z_][A-Za-z0-9_]*)|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}";
  nameOf = lib.findFirst (group: group != null) "";
in
rec {
  isReplaced =
    text:
    lib.all (
      part:
      if lib.isString part then
        !(lib.hasInfix "$" part || lib.hasInfix "`" part)
      else
        variables ? ${nameOf part}
    ) (parts text);

  expanded =
    text:
    lib.concatMapStrings (
      part: if lib.isString part then inManifest part else variables.${nameOf part} or ""
    ) (parts text);

  assertion = option: text: {
    assertion = isReplaced text;
    message = "${option} = \"${text}\": of a shell's variables only $XDG_RUNTIME_DIR, $HOME and $USER are replaced";
  };
}
