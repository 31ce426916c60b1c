# What an installation leaves when the last secret goes from a configuration: nothing calls the installer then, and the files
# would stay. So each configuration with secrets leaves a script behind that takes its own away, and one without runs the
# script it finds. The program is not built for a configuration that has no secrets.
{
  lib,
  pkgs,
  # Where the scripts are left.
  folder ? "/var/lib/sops-inlay",
  # Lines before the program is called.
  setting ? "",
  # More of the manifest that declares nothing.
  more ? { },
  # Step of the activation -> the same in its place among the others.
  placed ? lib.stringAfter [ "specialfs" ],
}:
{
  # The link names the installation, as it names its generations.
  link,
  mountPoint,
  program,
  used,
  # Where the values may lie, as the manifest says it: what is looked for elsewhere is not found.
  useTmpfs ? false,
  allowDisk ? false,
}:
let
  name = lib.strings.sanitizeDerivationName (
    "remove-" + lib.replaceStrings [ "/" "%" ] [ "-" "" ] (lib.removePrefix "/" link)
  );
  nothing = pkgs.writeText "nothing.json" (
    builtins.toJSON (
      {
        schema = 1;
        secrets = [ ];
        templates = [ ];
        secretsMountPoint = mountPoint;
        symlinkPath = link;
        inherit useTmpfs allowDisk;
        # The values of earlier generations go, too.
        keepGenerations = 1;
      }
      // more
    )
  );
  script = pkgs.writeShellScript name ''
    ${setting}exec ${program} install ${nothing}
  '';
  at = lib.escapeShellArg folder;
in
placed (
  if used then
    ''
      mkdir -p ${at} && ln -sfn ${script} ${at}/${name}
    ''
  else
    ''
      # It may be from another configuration, and its program no longer there.
      if [ -x ${at}/${name} ]; then
        if ${at}/${name}; then rm ${at}/${name}; else echo "what earlier secrets left at ${link} could not be removed" >&2; fi
      fi
    ''
)
