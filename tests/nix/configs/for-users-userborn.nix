# With userborn.
{
  imports = [ ../base.nix ];
  services.userborn.enable = true;
  sops.secrets.alice_password.neededForUsers = true;
  sops.secrets.token = { };
}
