# Which mount a key lies on, and whether it is there before activation scripts run.
{ config, lib }:
let
  cfg = config.sops;
  # nixpkgs' utils.pathsNeededForBoot.
  always = [
    "/"
    "/nix"
    "/nix/store"
    "/var"
    "/var/log"
    "/var/lib"
    "/var/lib/nixos"
    "/etc"
    "/usr"
  ];
  isBelow = path: mount: mount == "/" || path == mount || lib.hasPrefix "${mount}/" path;
  longest = lib.foldl' (a: b: if lib.stringLength b > lib.stringLength a then b else a) "/";
in
rec {
  keyPaths =
    lib.optional (cfg.gnupg.home != null) cfg.gnupg.home
    ++ cfg.gnupg.sshKeyPaths
    ++ lib.optional (cfg.age.keyFile != null) cfg.age.keyFile
    ++ cfg.age.sshKeyPaths;

  of =
    path: longest (lib.filter (isBelow (toString path)) (lib.attrNames (config.fileSystems or { })));

  late =
    path:
    let
      mount = of path;
    in
    !(lib.elem mount always) && !(config.fileSystems.${mount}.neededForBoot or false);

  # For what is decrypted before users exist, or by an activation script: both run before such mounts are there.
  warnings =
    family: paths:
    map (
      path:
      "${family}: the key ${path} lies on the mount ${of path}, which is not there yet when it is needed at boot: set fileSystems.\"${of path}\".neededForBoot = true"
    ) (lib.filter late paths);
}
