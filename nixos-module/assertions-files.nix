# What secrets and templates must not say about their files.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  phases = import ./sops-manifests.nix { inherit config lib pkgs; };
  mistakes = import ./mistakes.nix { inherit lib; };

  each =
    of:
    lib.concatLists (
      lib.mapAttrsToList (name: of "sops.secrets.${name}") cfg.secrets
      ++ lib.mapAttrsToList (name: of "sops.templates.${name}") cfg.templates
    );

  # Services know no folder that it could be relative to.
  absolute =
    option: file:
    map (path: {
      assertion = lib.hasPrefix "/" path;
      message = "${option}: the path \"${path}\" must begin with a slash";
    }) ([ file.path ] ++ file.paths);

  # Without a path of its own a copy would have to take the place of the link's target.
  copied = option: file: [
    {
      assertion = !file.symlink -> !(lib.hasPrefix "/run/secrets" file.path) || file.paths != [ ];
      message = "${option}.symlink = false needs a `path` of its own, outside ${file.path}";
    }
  ];

  # Within a phase `sops-inlay check` sees to it.
  placesOf =
    phase:
    lib.concatMap (file: [ file.path ] ++ file.paths) (
      lib.filter (file: file.install or true) (
        lib.attrValues phase.secrets ++ lib.attrValues phase.templates
      )
    );
  inBoth = lib.unique (lib.intersectLists (placesOf phases.regular) (placesOf phases.users));

  # A service has one credential of a name: systemd takes the last.
  handed = lib.filter (credential: credential != null) (
    map (file: file.credential) (lib.attrValues cfg.secrets ++ lib.attrValues cfg.templates)
  );
  credentials = map (
    credential: "${lib.removeSuffix ".service" credential.unit}.service gets ${credential.id}"
  ) handed;
  handedTwice = lib.unique (
    lib.filter (credential: lib.count (other: other == credential) credentials > 1) credentials
  );
in
{
  config.assertions =
    each absolute
    ++ each copied
    ++ lib.mapAttrsToList (mistakes.sources "sops") cfg.templates
    ++ lib.mapAttrsToList (mistakes.notInstalled "sops" "/run/secrets") cfg.secrets
    ++ map (path: {
      assertion = false;
      message = "sops: ${path} is the path of something that is neededForUsers, and of something that is not";
    }) inBoth
    ++ map (credential: {
      assertion = false;
      message = "sops: ${credential} twice; give one `credential` another `id`";
    }) handedTwice;
}
