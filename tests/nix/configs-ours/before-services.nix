# The unit is done before services start.
# holds: "sysinit.target" in field("sops-install-secrets.service", "Before")
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
}
