# What the installer's unit waits for that itself comes after sysinit.target: a service that fetches the key, a network mount.
# Ordered before that target the unit would close a circle then, and systemd opens circles by leaving units out.
{
  config,
  options,
  lib,
}:
let
  services = lib.mapAttrs' (name: lib.nameValuePair "${name}.service") config.systemd.services;
  mounts = import ./mounts.nix { inherit config lib; };

  # Kinds of units that have no default dependencies, and units whose own files say so, which no option holds.
  isEarlyByName =
    name:
    lib.elem name [
      "local-fs-pre.target"
      "local-fs.target"
      "swap.target"
      "cryptsetup-pre.target"
      "cryptsetup.target"
      "integritysetup.target"
      "veritysetup.target"
      "network-pre.target"
      "sysinit-reactivation.target"
    ]
    || lib.any (suffix: lib.hasSuffix suffix name) [
      ".device"
      ".mount"
      ".automount"
      ".swap"
      ".slice"
    ]
    || lib.hasPrefix "systemd-" name
    || name == "userborn.service";

  hasDefaultDependencies =
    unit:
    !(lib.elem (unit.unitConfig.DefaultDependencies or true) [
      false
      "no"
      "false"
      "off"
      "0"
    ]);

  # Of both families: each one's own order follows from the answer, so it is not asked of any.
  ours = [
    "sops-install-secrets.service"
    "sops-install-secrets-for-users.service"
    "sops-install-secrets-for-users-owners.service"
    "agenix-install-secrets.service"
    "agenix-chown.service"
  ];

  # `seen` are the units on the way here, which may go in a circle by themselves.
  isLate =
    seen: name:
    !(lib.elem name seen || isEarlyByName name)
    && (
      !(services ? ${name})
      || hasDefaultDependencies services.${name}
      || lib.any (isLate (seen ++ [ name ])) services.${name}.after
    );

  orderedBefore =
    unit:
    services.${unit}.after
    ++ lib.attrNames (
      lib.filterAttrs (_: other: lib.elem unit other.before) (removeAttrs services ours)
    );
in
# `family` of options; `units` that need the private keys; `paths` of these keys.
{
  family,
  units,
  paths,
}:
let
  found =
    lib.concatMap (unit: lib.filter (isLate units) (orderedBefore unit)) (
      lib.filter (unit: services ? ${unit}) units
    )
    ++ map mounts.of (lib.filter mounts.needsNetwork paths);
  isDefault = options.${family}.beforeSysinit.highestPrio >= (lib.mkOptionDefault null).priority;
in
{
  option = lib.mkOption {
    type = lib.types.bool;
    default = found == [ ];
    defaultText = lib.literalMD "whether nothing that the unit waits for comes after sysinit.target itself";
    description = ''
      Where systemd units install the secrets: whether they are done before sysinit.target, and so before any ordinary service
      starts. A unit that waits for the network, for a service that fetches the key or for a network mount cannot be: it runs
      when those are there, and services that need its secrets must be listed in {option}`${family}.requiredBy`.
    '';
  };

  warnings = lib.optional (isDefault && found != [ ]) (
    "${family}: secrets are installed after sysinit.target, for the unit waits for ${lib.concatStringsSep ", " (lib.unique found)}: other services do not wait for them. "
    + "List those that need secrets in ${family}.requiredBy; ${family}.beforeSysinit = false says that this is meant, and ends this warning"
  );
}
