# The key is a credential of the installer's unit.
{
  imports = [ ./base.nix ];
  sops.age.keyFile = null;
  sops.age.keyCredential = "age-key:/etc/credstore/age-key";
  sops.secrets.token = { };
}
