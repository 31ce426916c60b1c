# What a configuration of `age.*` must not say, and what it is warned of: on NixOS and in home-manager.
{ cfg, lib }:
let
  mistakes = import ../mistakes.nix { inherit lib; };
in
{
  assertions = [
    {
      assertion = cfg.recipients != [ ] -> cfg.validateFiles;
      message = "age.recipients needs age.validateFiles = true: the age files are not looked at otherwise, nor can those outside the store be";
    }
  ]
  ++ lib.mapAttrsToList (mistakes.notInstalled "age" cfg.secretsDir) cfg.secrets
  ++ lib.mapAttrsToList (mistakes.sources "age") cfg.templates
  # Without a path of its own a copy would have to take the place of the link's target.
  ++
    lib.concatMap
      (
        {
          family,
          files,
          folder,
        }:
        lib.mapAttrsToList (name: file: {
          assertion = !file.symlink -> file.path != "${folder}/${file.name}" || file.paths != [ ];
          message = "age.${family}.${name}.symlink = false needs a `path` of its own, outside ${cfg.secretsDir}";
        }) files
      )
      [
        {
          family = "secrets";
          files = cfg.secrets;
          folder = cfg.secretsDir;
        }
        {
          family = "templates";
          files = cfg.templates;
          folder = "${cfg.secretsDir}/rendered";
        }
      ];

  warnings =
    mistakes.ignoredFiles "age" cfg.templates
    ++ mistakes.keysInStore "age.identityPaths" cfg.identityPaths;
}
