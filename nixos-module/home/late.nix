# When the user's installer runs: before basic.target, and so before all other services of the user, or later. What may ask
# for something would hold up the login there. And what waits for a unit that itself comes after basic.target would close a
# circle, which systemd opens by leaving units out.
{
  config,
  options,
  lib,
}:
{
  family,
  # Name of the installer's service.
  name,
  # Whether a key may need the user.
  prompts,
}:
let
  own = "${name}.service";
  # What the one is ordered before hangs on the other, and the other way round.
  installers = [
    "sops-nix.service"
    "agenix.service"
  ];
  units =
    lib.concatMapAttrs
      (
        kind: suffix:
        lib.mapAttrs' (name: lib.nameValuePair "${name}.${suffix}") (config.systemd.user.${kind} or { })
      )
      {
        services = "service";
        targets = "target";
        sockets = "socket";
        timers = "timer";
        paths = "path";
        slices = "slice";
        mounts = "mount";
        automounts = "automount";
      };

  # Names stand in one string or in several.
  names =
    unit: key:
    lib.filter (name: name != "") (
      lib.concatMap (lib.splitString " ") (lib.remove null (lib.toList (unit.Unit.${key} or [ ])))
    );

  # Kinds of units that have no default dependency on basic.target, and units whose own files say so.
  isEarlyByName =
    name:
    lib.any (suffix: lib.hasSuffix suffix name) [
      ".socket"
      ".timer"
      ".path"
      ".slice"
      ".mount"
      ".automount"
      ".device"
    ]
    || lib.elem name [
      "sockets.target"
      "timers.target"
      "paths.target"
      "systemd-tmpfiles-setup.service"
    ];

  saysNo =
    unit:
    lib.elem (lib.last (lib.toList (unit.Unit.DefaultDependencies or true))) [
      false
      "no"
      "false"
      "off"
      "0"
    ];

  # `seen` are the units on the way here, which may go in a circle by themselves.
  isLate =
    seen: name:
    !lib.elem name seen
    && (
      !(isEarlyByName name || saysNo (units.${name} or { }))
      || lib.any (isLate (seen ++ [ name ])) (names (units.${name} or { }) "After")
    );

  # Not asked of the installer: its own order follows from the answer.
  found = lib.filter (isLate [ own ]) (
    names (units.${own} or { }) "After"
    ++ lib.attrNames (
      lib.filterAttrs (_: unit: lib.elem own (names unit "Before")) (removeAttrs units installers)
    )
  );
  option = options.${family}.beforeBasic;
  early = config.${family}.beforeBasic;
in
{
  inherit early;

  option = lib.mkOption {
    type = lib.types.bool;
    default = !prompts && found == [ ];
    defaultText = lib.literalMD "whether no key may need the user, and the unit waits for nothing that comes after basic.target itself";
    description = ''
      Whether the secrets are installed before basic.target of the user, and so before any other service of the user starts.
      Keys that may need the user (a key ring, an age plugin) would hold up the login there. A unit that waits for a service,
      as for one that fetches the key, cannot be so early: it runs when that is done, and services that need secrets must say
      `After = [ "${own}" ]`.
    '';
  };

  # Otherwise the session does not wait for it, either: a touch or a passphrase may be asked for there.
  before = lib.optionals early [
    "basic.target"
    "graphical-session-pre.target"
  ];

  warnings =
    lib.optional (found != [ ] && option.highestPrio >= (lib.mkOptionDefault null).priority)
      (
        "${family}: secrets are installed after basic.target, for ${own} waits for ${lib.concatStringsSep ", " (lib.unique found)}: other services of the user do not wait for them. "
        + "Those that need secrets must say After = [ \"${own}\" ]; ${family}.beforeBasic = false says that this is meant, and ends this warning"
      );
}
