# An ini file without a key: the whole file.
{
  imports = [ ../base.nix ];
  sops.secrets.ini = {
    sopsFile = ../files/secrets.ini;
    format = "ini";
  };
}
