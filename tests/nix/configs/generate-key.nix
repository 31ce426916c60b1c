# A key made on the host.
{
  imports = [ ../base.nix ];
  sops.age.generateKey = true;
  sops.age.keyFile = "/var/lib/sops/key with blank.txt";
  sops.secrets.db_password = { };
}
