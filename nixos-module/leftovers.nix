# What an installation leaves when the last secret goes from a configuration: nothing calls the installer then, and the files
# would stay. So each configuration with secrets leaves a script behind that takes its own away, and one without runs the
# script it finds. The program is not built for a configuration that has no secrets.
{ lib, pkgs }:
let
  folder = "/var/lib/sops-inlay";
in
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
  name = "remove-" + lib.replaceStrings [ "/" ] [ "-" ] (lib.removePrefix "/" link);
  nothing = pkgs.writeText "nothing.json" (
    builtins.toJSON {
      schema = 1;
      secrets = [ ];
      templates = [ ];
      secretsMountPoint = mountPoint;
      symlinkPath = link;
      inherit useTmpfs allowDisk;
      # The values of earlier generations go, too.
      keepGenerations = 1;
    }
  );
  script = pkgs.writeShellScript name ''
    exec ${program} install ${nothing}
  '';
in
lib.stringAfter [ "specialfs" ] (
  if used then
    ''
      mkdir -p ${folder} && ln -sfn ${script} ${folder}/${name}
    ''
  else
    ''
      # It may be from another configuration, and its program no longer there.
      if [ -x ${folder}/${name} ]; then
        if ${folder}/${name}; then rm ${folder}/${name}; else echo "what earlier secrets left at ${link} could not be removed" >&2; fi
      fi
    ''
)
