# A script has no credentials.
# assertion: sops.age.keyCredential needs sops.useSystemdActivation = true
{
  imports = [ ../base.nix ];
  sops.age.keyCredential = "age-key";
  sops.useSystemdActivation = false;
  sops.secrets.token = { };
}
