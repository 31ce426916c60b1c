# A default key means nothing to a binary file.
{
  imports = [ ../base.nix ];
  sops.defaultSopsKey = "token";
  sops.secrets.bin = {
    sopsFile = ../files/secrets.bin;
    format = "binary";
  };
  sops.secrets.token = { };
}
