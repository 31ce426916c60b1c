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
  inherit (import ./sops-manifests.nix { inherit config lib pkgs; }) regular;

  # A file that is itself a template is rendered, wherever else it lies.
  templateFiles = map (template: "${template.file}") (lib.attrValues cfg.templates);
  etc = lib.filterAttrs (
    _: file:
    file.enable or true
    && !(lib.elem "${file.source or ""}" templateFiles)
    && (file.text or null != null || file ? source)
  ) config.environment.etc;

  # Units by their options, not by their files: so the text of their scripts is seen too.
  settings = lib.mapAttrsToList (name: value: "${name}=${toString value}");
  unitText =
    unit:
    lib.concatStringsSep "\n" (
      settings unit.unitConfig
      ++ settings unit.serviceConfig
      ++ settings unit.environment
      ++ [
        unit.script
        unit.preStart
        unit.postStart
        unit.preStop
        unit.postStop
        unit.reload
      ]
    );
  units = lib.mapAttrs' (
    # The programs that a unit refers to need not be built to look at its text.
    name: unit:
    lib.nameValuePair "${name}.service" (builtins.unsafeDiscardStringContext (unitText unit))
  ) config.systemd.services;

  place = folder: name: "${folder}/${name}";
  copyText = path: text: ''
    mkdir -p "$(dirname ${lib.escapeShellArg path})"
    cat > ${lib.escapeShellArg path} < ${pkgs.writeText "scanned" text}
  '';
  copySource = path: source: ''
    mkdir -p "$(dirname ${lib.escapeShellArg path})"
    cp -rL --no-preserve=mode ${source} ${lib.escapeShellArg path}
  '';
  mayHold =
    text:
    lib.hasInfix ":PLACEHOLDER>" text
    || lib.any (token: lib.hasInfix "${token}" text) (lib.attrValues cfg.placeholder);

  gather =
    lib.mapAttrsToList (
      name: file:
      if file.text or null != null then
        lib.optionalString (mayHold file.text) (copyText (place "etc" name) file.text)
      else
        copySource (place "etc" name) file.source
    ) etc
    ++ lib.mapAttrsToList (
      name: text: lib.optionalString (mayHold text) (copyText (place "unit" name) text)
    ) units;

  storeCheck = pkgs.writeTextFile {
    name = "sops-inlay-store-check";
    text = "";
    checkPhase = ''
      mkdir -p scanned/etc scanned/unit
      cd scanned
      ${lib.concatStrings gather}
      found=0
      tokens=$(${cfg.validationPackage}/bin/sops-inlay scan --manifest ${regular.manifest} etc unit 2>&1) || found=1
      if [ "$found" = 1 ] || [ -n "$tokens" ]; then
        printf '%s\n' "$tokens" \
          "error: placeholders stand where nothing renders them: programs would read the token instead of the secret" \
          "hint:  put the text into sops.templates.NAME.content and hand config.sops.templates.NAME.path to the program" >&2
        exit 1
      fi
    '';
  };
in
{
  config = lib.mkIf cfg.validateStore (
    {
      system.build.sops-inlay-store-check = storeCheck;
    }
    # NixOS builds these with the system.
    // lib.optionalAttrs ((options.system or { }) ? checks) { system.checks = [ storeCheck ]; }
  );
}
