# The key is a credential that only this host can decrypt.
{
  imports = [ ./base.nix ];
  sops.age.keyFile = null;
  sops.age.keyCredential = "age-key:/etc/credstore.encrypted/age-key";
  sops.age.keyCredentialEncrypted = true;
  sops.secrets.token = { };
}
