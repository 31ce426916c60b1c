# An activation snippet that runs the installer and leaves a record where it fails, and the unit that shows the record.
{ lib }:
let
  folder = "/run/sops-inlay";
in
{
  # Called as a function: the snippet's text. The records are kept by snippet, so that one does not hide another.
  __functor =
    _:
    {
      name,
      environment,
      exec,
    }:
    ''
      (
      ${lib.concatStringsSep "\n" (lib.mapAttrsToList (n: v: "  export ${n}='${v}'") environment)}
        ${exec}
      ) && _inlay=0 || _inlay=$?
      # A dry activation installs nothing, so it says nothing about what is installed.
      if [ "''${NIXOS_ACTION:-}" != dry-activate ]; then
        mkdir -p ${folder}
        if [ "$_inlay" = 0 ]; then rm -f ${folder}/${name}.failed; else echo "$_inlay" > ${folder}/${name}.failed; fi
      fi
      # Fails the snippet, and the activation with it.
      ( exit "$_inlay" )
    '';

  # Not RemainAfterExit: each start of multi-user.target, so each switch, looks again; and each start of a unit that requires
  # it. Units that must not start without secrets require this one and not the installer: to stop a unit stops all that require
  # it, and a switch stops the installer whenever a secret changed. For the same reason it only wants the installer.
  resultUnit =
    {
      # Activation scripts and units that install.
      names,
      units ? [ ],
      requiredBy,
      pkgs,
      systemd ? pkgs.systemd,
    }:
    {
      description = "Result of installing secrets";
      wantedBy = lib.optional (names != [ ]) "multi-user.target";
      wants = units;
      after = units;
      inherit requiredBy;
      before = requiredBy;
      unitConfig = {
        # What requires it may start before sysinit.target, as the installer does.
        DefaultDependencies = "no";
        # It is started with each of those that require it, however often.
        StartLimitIntervalSec = 0;
      };
      serviceConfig = {
        Type = "oneshot";
        ExecStart = pkgs.writeShellScript "sops-install-secrets-result" ''
          failed=0
          for name in ${toString names}; do
            if [ -e ${folder}/$name.failed ]; then
              read -r code < ${folder}/$name.failed
              echo "activation script $name failed with exit code $code: secrets are missing or old; 'journalctl -b' or the output of the switch says why" >&2
              failed=1
            fi
          done
          for unit in ${toString units}; do
            if ! ${systemd}/bin/systemctl is-active --quiet "$unit"; then
              echo "$unit failed: secrets are missing or old; 'journalctl -b -u $unit' says why" >&2
              failed=1
            fi
          done
          exit $failed
        '';
      };
    };
}
