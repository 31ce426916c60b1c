# A key made before users exist.
{
  imports = [ ../base.nix ];
  sops.age.generateKey = true;
  sops.secrets.alice_password.neededForUsers = true;
}
