# An ini file with a key.
{
  imports = [ ../base.nix ];
  sops.secrets.ini = {
    sopsFile = ../files/secrets.ini;
    format = "ini";
    key = "smtp/password";
  };
}
