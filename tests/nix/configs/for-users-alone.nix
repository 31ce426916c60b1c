# No other secret than those for users.
{
  imports = [ ../base.nix ];
  sops.secrets.alice_password.neededForUsers = true;
}
