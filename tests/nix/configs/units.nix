# Units to restart and reload.
{
  imports = [ ../base.nix ];
  sops.secrets.db_password = {
    restartUnits = [
      "app.service"
      "other.service"
    ];
    reloadUnits = [ "nginx.service" ];
  };
}
