# A dotenv file without a key: the whole file.
{
  imports = [ ../base.nix ];
  sops.secrets.env = {
    sopsFile = ../files/secrets.env;
    format = "dotenv";
  };
}
