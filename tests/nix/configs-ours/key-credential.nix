# The key is a credential.
# holds: r["manifest"]["ageIdentityPaths"] == ["/run/credentials/sops-install-secrets.service/age-key"]
# holds: "LoadCredential=age-key:/etc/credstore/age-key" in unit("sops-install-secrets.service")["text"]
{
  imports = [ ../base.nix ];
  sops.age.keyFile = null;
  sops.age.keyCredential = "age-key:/etc/credstore/age-key";
  sops.secrets.token = { };
}
