# A line that may hold keys is not skipped.
# error: sops.files.flow: the key of the line that begins with `{token: "` is not understood
{
  imports = [ ../base.nix ];
  sops.files.flow.sopsFile = ../files/flow.yaml;
}
