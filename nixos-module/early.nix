# Units that come before sysinit.target, by their names: nothing in the options says so.
{ lib }:
{
  # Kinds of units that have no default dependencies, and units whose own files say so.
  byName =
    name:
    lib.elem name [
      "local-fs-pre.target"
      "local-fs.target"
      "swap.target"
      "cryptsetup-pre.target"
      "cryptsetup.target"
      "integritysetup-pre.target"
      "integritysetup.target"
      "veritysetup-pre.target"
      "veritysetup.target"
      "network-pre.target"
      "first-boot-complete.target"
      "time-set.target"
      "tpm2.target"
      "sysinit-reactivation.target"
      "userborn.service"
      # Of the package zfs.
      "zfs-import.target"
      "zfs-mount.service"
      "zfs-volumes.target"
      "zfs-volume-wait.service"
    ]
    || lib.any (suffix: lib.hasSuffix suffix name) [
      ".device"
      ".mount"
      ".automount"
      ".swap"
      ".slice"
    ]
    || lib.any (prefix: lib.hasPrefix prefix name) [
      "systemd-"
      "zfs-import-"
      "zfs-load-key"
    ];

  # Targets of systemd's own, of which the options hold additions at most.
  isSystemds =
    name:
    lib.elem name [
      "basic.target"
      "default.target"
      "getty.target"
      "graphical.target"
      "multi-user.target"
      "network-online.target"
      "network.target"
      "nss-lookup.target"
      "nss-user-lookup.target"
      "paths.target"
      "remote-cryptsetup.target"
      "remote-fs-pre.target"
      "remote-fs.target"
      "remote-veritysetup.target"
      "rescue.target"
      "rpcbind.target"
      "sockets.target"
      "sysinit.target"
      "time-sync.target"
      "timers.target"
    ];
}
