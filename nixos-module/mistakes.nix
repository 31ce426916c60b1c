# What a configuration must not say about a secret or template, and what it is warned of: alike for every module that has them.
{ lib }:
{
  # Options of one template that exclude each other.
  sources = family: name: template: {
    assertion = lib.length template.sources <= 1;
    message = "${family}.templates.${name} takes one of ${lib.concatStringsSep ", " template.sources}: they exclude each other";
  };

  # sops-nix takes the text where both are set, although it documents the contrary.
  ignoredFiles =
    family: templates:
    lib.mapAttrsToList (
      name: _:
      "${family}.templates.${name}.file is not used, for content is set too: leave one of them out"
    ) (lib.filterAttrs (_: template: template.fileIgnored) templates);

  # `folder` is where files are that nobody gave a path.
  notInstalled = family: folder: name: secret: {
    assertion =
      !secret.install
      ->
        lib.hasPrefix folder secret.path
        && secret.credential or null == null
        && lib.all (option: secret.${option} or [ ] == [ ]) [
          "paths"
          "restartUnits"
          "reloadUnits"
          "restartUserUnits"
          "reloadUserUnits"
        ];
    message = "${family}.secrets.${name}.install = false: there is no file that credential, path, paths or units to restart and reload could mean; set them on the template";
  };

  # Everyone can read the store.
  keysInStore =
    option: paths:
    map (
      path:
      "${option}: the private key ${path} lies in the Nix store, where everyone can read it; name a file outside the store, in quotes"
    ) (lib.filter (lib.hasPrefix "${builtins.storeDir}/") paths);
}
