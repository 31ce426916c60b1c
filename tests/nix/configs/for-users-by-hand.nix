# A unit for the regular secrets alone.
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.alice_password.neededForUsers = true;
  sops.secrets.token = { };
}
