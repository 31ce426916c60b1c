# `sops.validateStore`: looks for placeholders in what the system hands to programs as it is.
{
  config,
  options,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.sops;
  inherit (import ./sops-manifests.nix { inherit config lib pkgs; }) regular users;

  # Token-shaped text is one, too, where no secret has that token; a manual that speaks of tokens holds none.
  own = map toString (lib.attrValues cfg.placeholder);
  tokens = [ ":PLACEHOLDER>" ] ++ own;
  patterns = pkgs.writeText "tokens" (
    lib.concatMapStrings (pattern: "${pattern}\n") (
      [ "<SOPS:[0-9a-f]{64}:PLACEHOLDER>" ] ++ map lib.escapeRegex own
    )
  );
  # Not lib.hasInfix: its expression walks a long text deeper than the stack.
  mayHold = text: builtins.replaceStrings tokens (map (_: "") tokens) text != text;

  etc = lib.filterAttrs (_: file: file.enable or true) config.environment.etc;
  etcTexts = lib.filterAttrs (_: file: file.text or null != null) etc;
  # What lies elsewhere is made on the host, and no token is in it: /etc/zoneinfo, /run/secrets.
  etcSources = lib.filterAttrs (_: lib.hasPrefix builtins.storeDir) (
    lib.mapAttrs (_: file: "${file.source}") (
      lib.filterAttrs (name: file: !(etcTexts ? ${name}) && file ? source) etc
    )
  );

  # Units by their options, not by their files: so the text of their scripts is seen too.
  settings = lib.mapAttrsToList (name: value: "${name}=${toString value}");
  unitText =
    unit:
    lib.concatStringsSep "\n" (
      lib.concatMap (section: settings (unit.${section} or { })) [
        "unitConfig"
        "serviceConfig"
        "timerConfig"
        "socketConfig"
        "mountConfig"
        "pathConfig"
        "environment"
      ]
      ++ map (field: toString (unit.${field} or "")) [
        "description"
        "documentation"
        "script"
        "preStart"
        "postStart"
        "preStop"
        "postStop"
        "reload"
        "what"
        "options"
      ]
    );
  unitTexts =
    place: suffix: units:
    lib.mapAttrs' (name: unit: lib.nameValuePair "${place}/${name}.${suffix}" (unitText unit)) (
      lib.filterAttrs (_: unit: unit.enable or true) units
    );
  programs =
    unitTexts "unit" "service" config.systemd.services
    // unitTexts "unit" "timer" (config.systemd.timers or { })
    // unitTexts "unit" "socket" (config.systemd.sockets or { })
    // unitTexts "unit" "path" (config.systemd.paths or { })
    // unitTexts "unit" "mount" (
      lib.listToAttrs (map (mount: lib.nameValuePair mount.where mount) (config.systemd.mounts or [ ]))
    )
    // unitTexts "user-unit" "service" (config.systemd.user.services or { })
    // lib.mapAttrs' (
      name: snippet: lib.nameValuePair "activation/${name}" (snippet.text or snippet)
      # NixOS adds all of them in one.
    ) (removeAttrs config.system.activationScripts [ "script" ]);
  texts = lib.mapAttrs' (name: file: lib.nameValuePair "etc/${name}" file.text) etcTexts // programs;

  # What programs of ours read, which render it: manifests, and files of other modules that are templates by `file`.
  ours = [
    regular.manifest
    users.manifest
  ]
  ++ lib.optional (config.system.build ? agenix-manifest) config.system.build.agenix-manifest
  ++ map (template: template.file) (
    lib.filter (template: template.hasOwnFile) (lib.attrValues cfg.templates)
  );

  # Shell text in a file of its own: it is longer than what fits into the environment of a build.
  gather = pkgs.writeText "gather.sh" (
    lib.concatStrings (
      lib.mapAttrsToList (
        place: text:
        lib.optionalString (mayHold text) "copy ${pkgs.writeText "text" (builtins.unsafeDiscardStringContext text)} ${lib.escapeShellArg place}\n"
      ) texts
      ++ lib.mapAttrsToList (
        name: source: "take ${lib.escapeShellArg source} ${lib.escapeShellArg "etc/${name}"}\n"
      ) etcSources
    )
  );
  # Each text behind its place; the lines of the text begin with a blank.
  named = pkgs.writeText "named" (
    lib.concatStrings (
      lib.mapAttrsToList (
        place: text: "=${place}\n ${builtins.replaceStrings [ "\n" ] [ "\n " ] text}\n"
      ) programs
    )
  );

  storeCheck = pkgs.writeTextFile {
    name = "sops-inlay-store-check";
    text = "";
    checkPhase = ''
      mkdir scanned
      cd scanned
      storeDir=${builtins.storeDir}
      tokens=${patterns}
      ours=${pkgs.writeText "ours" (lib.concatMapStrings (path: "${path}\n") ours)}
      . ${./store-check.sh}
      . ${gather}
      takeNamed < ${named}
      set -- *
      said=
      failed=
      if [ -e "$1" ]; then
        said=$(${cfg.validationPackage}/bin/sops-inlay scan --manifest ${regular.manifest} -- "$@" 2>&1) || failed=1
      fi
      if [ -n "$said$failed" ]; then
        printf '%s\n' "$said" \
          "error: placeholders stand where nothing renders them: programs would read the token instead of the secret" \
          "hint:  put the text into sops.templates.NAME.content and hand config.sops.templates.NAME.path to the program" >&2
        exit 1
      fi
    '';
  };
in
{
  config = lib.mkIf cfg.validateStore {
    system = {
      build.sops-inlay-store-check = storeCheck;
    }
    # NixOS builds these with the system.
    // lib.optionalAttrs ((options.system or { }) ? checks) { checks = [ storeCheck ]; };
  };
}
