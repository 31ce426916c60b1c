# The manifest as a file whose build runs `sops-inlay check`: every mistake that can be seen without a key stops the build.
{ lib, pkgs }:
{
  name,
  manifest,
  # Package that runs where the system is built.
  checker,
  # Whether the encrypted files are opened.
  openFiles ? true,
  # Public keys, one of which must open each encrypted file.
  recipients ? [ ],
}:
let
  depth =
    if !openFiles then
      [ "--no-sops-files" ]
    else
      lib.concatMap (recipient: [ "--recipients" recipient ]) recipients;
in
pkgs.writeTextFile {
  inherit name;
  text = builtins.toJSON manifest;
  checkPhase = ''
    if [ ! -e ${checker}/bin/sops-inlay ]; then
      echo "error: ${checker} has no program bin/sops-inlay: the package that the module was given is another one, such as sops-nix's" >&2
      exit 1
    fi
    ${checker}/bin/sops-inlay check "$out" ${lib.escapeShellArgs depth}
  '';
}
