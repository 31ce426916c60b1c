# A file of another format has no keys.
# error: sops.files.main: no encrypted top-level key found; is the format right?
{
  imports = [ ../base.nix ];
  sops.files.main.sopsFile = ../files/secrets.json;
}
