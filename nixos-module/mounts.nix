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
  # systemd's own list, fstype_is_network.
  networkTypes = [
    "afs"
    "ceph"
    "cifs"
    "davfs"
    "gfs"
    "gfs2"
    "glusterfs"
    "lustre"
    "ncp"
    "ncpfs"
    "nfs"
    "nfs4"
    "ocfs2"
    "pvfs2"
    "smb3"
    "smbfs"
    "sshfs"
  ];
  longest = lib.foldl' (a: b: if lib.stringLength b > lib.stringLength a then b else a) "/";
in
rec {
  keyPaths =
    lib.optional (cfg.gnupg.home != null) cfg.gnupg.home
    ++ cfg.gnupg.sshKeyPaths
    ++ lib.optional (cfg.age.keyFile != null) cfg.age.keyFile
    ++ cfg.age.sshKeyPaths
    ++ credentialPaths;
  # `NAME:PATH`; without a path, or with a relative one, systemd knows where it is.
  credentialPaths = lib.filter (lib.hasPrefix "/") (
    lib.optionals (cfg.age.keyCredential != null) (
      map (lib.concatStringsSep ":") [ (lib.tail (lib.splitString ":" cfg.age.keyCredential)) ]
    )
  );

  of =
    path: longest (lib.filter (isBelow (toString path)) (lib.attrNames (config.fileSystems or { })));

  late =
    path:
    let
      mount = of path;
    in
    !(lib.elem mount always) && !(config.fileSystems.${mount}.neededForBoot or false);

  # Mounted once the network is there, itself or what it is a part of; what the initrd mounts is there already.
  needsNetwork = needsNetworkBut [ ];
  needsNetworkBut =
    seen: path:
    let
      mount = of path;
      fileSystem = config.fileSystems.${mount} or { };
      options = fileSystem.options or [ ];
      device = fileSystem.device or null;
      below =
        fileSystem.depends or [ ]
        ++ lib.optional (lib.any (option: lib.elem option options) [
          "bind"
          "rbind"
        ]) device;
    in
    late path
    && !(lib.elem mount seen)
    && (
      lib.elem "_netdev" options
      || lib.elem (lib.removePrefix "fuse." (fileSystem.fsType or "auto")) networkTypes
      || lib.any (needsNetworkBut (seen ++ [ mount ])) (lib.filter (path: path != null) below)
    );

  # For what is decrypted before users exist, or by an activation script: both run before such mounts are there.
  warnings =
    family: paths:
    map (
      path:
      "${family}: the key ${path} lies on the mount ${of path}, which is not there yet when it is needed at boot: set fileSystems.\"${of path}\".neededForBoot = true"
    ) (lib.filter late paths);
}
