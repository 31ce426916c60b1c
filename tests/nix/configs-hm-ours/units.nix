# Units of the user.
# holds: secret("token")["restartUnits"] == ["mail.service"]
# holds: "SOPS_RESTART_UNITS_VIA_SYSTEMCTL=1" in unit("sops-nix.service")["text"]
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token.restartUnits = [ "mail.service" ];
}
