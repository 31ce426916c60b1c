# What the installer's unit waits for that itself comes after sysinit.target: a service that fetches the key, a network mount.
# Ordered before that target the unit would close a circle then, and systemd opens circles by leaving units out.
{
  config,
  options,
  lib,
}:
let
  mounts = import ./mounts.nix { inherit config lib; };

  # Of both families: each one's own order follows from the answer, so it is not asked of any.
  ours = [
    "sops-install-secrets.service"
    "sops-install-secrets-for-users.service"
    "sops-install-secrets-for-users-owners.service"
    "agenix-install-secrets.service"
    "agenix-chown.service"
  ];

  ofKind =
    suffix: units: lib.mapAttrs' (name: unit: lib.nameValuePair "${name}.${suffix}" unit) units;
  known =
    ofKind "service" config.systemd.services
    // ofKind "target" (config.systemd.targets or { })
    // ofKind "socket" (config.systemd.sockets or { })
    // ofKind "path" (config.systemd.paths or { })
    // ofKind "timer" (config.systemd.timers or { });
  others = removeAttrs known ours;
  # By unit, those that say to come before it.
  before = lib.mapAttrs (_: map (pair: pair.first)) (
    lib.groupBy (pair: pair.second) (
      lib.concatLists (
        lib.mapAttrsToList (first: unit: map (second: { inherit first second; }) unit.before) others
      )
    )
  );

  early = import ./early.nix { inherit lib; };

  hasDefaultDependencies =
    unit:
    !(lib.elem (unit.unitConfig.DefaultDependencies or true) [
      false
      "no"
      "false"
      "off"
      "0"
    ]);

  # What a unit that is not late by itself waits for. Targets wait for what they pull in.
  waitsFor =
    name:
    let
      unit = known.${name} or { };
      puller = lib.filterAttrs (_: other: lib.elem name (other.wantedBy ++ other.requiredBy)) others;
    in
    unit.after or [ ]
    # NixOS makes `unitConfig` of the order, too: that of our own units follows from the answer.
    ++ lib.optionals (!(lib.elem name ours)) (
      lib.concatMap (lib.splitString " ") (lib.toList (unit.unitConfig.After or [ ]))
    )
    ++ before.${name} or [ ]
    ++ lib.optionals (lib.hasSuffix ".target" name) (
      unit.wants or [ ] ++ unit.requires or [ ] ++ lib.attrNames puller
    );

  # After sysinit.target for its own sake: by default dependencies, which targets do not have, or since nothing is known of it.
  isLateItself =
    name:
    !(early.byName name)
    && (
      !(known ? ${name})
      || (
        if lib.hasSuffix ".target" name then early.isSystemds name else hasDefaultDependencies known.${name}
      )
    );

  # Each unit once, however many ways lead to it and whether or not they go in a circle.
  isLate =
    name:
    lib.any (unit: isLateItself unit.key) (
      builtins.genericClosure {
        startSet = [ { key = name; } ];
        operator =
          unit:
          lib.optionals (!(early.byName unit.key || isLateItself unit.key)) (
            map (key: { inherit key; }) (waitsFor unit.key)
          );
      }
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
    lib.concatMap (unit: lib.filter isLate (lib.subtractLists units (waitsFor unit))) (
      lib.filter (unit: known ? ${unit}) units
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
