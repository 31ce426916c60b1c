# A private key in the store.
{
  imports = [ ../base.nix ];
  sops.age.keyFile = "${../files/template.conf}";
  sops.secrets.token = { };
}
