# A JSON file.
{
  imports = [ ../base.nix ];
  sops.defaultSopsFile = ../files/secrets.json;
  sops.defaultSopsFormat = "json";
  sops.secrets.db_password = { };
  sops.secrets.inner.key = "nested/key";
}
