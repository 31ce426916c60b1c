# A credential opens nothing that an activation script installs.
# assertion: sops.age.keyCredential cannot open what is neededForUsers
{
  imports = [ ../base.nix ];
  sops.age.keyCredential = "age-key:/etc/credstore/age-key";
  sops.secrets.alice_password.neededForUsers = true;
}
