# A binary file.
{
  imports = [ ../base.nix ];
  sops.secrets.bin = {
    sopsFile = ../files/secrets.bin;
    format = "binary";
  };
}
