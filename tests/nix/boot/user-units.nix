# A secret of the machine that a user's service reads.
{
  imports = [ ./base.nix ];
  services.userborn.enable = true;
  sops.secrets.token = {
    owner = "app";
    restartUserUnits = [ "reader.service" ];
  };
}
