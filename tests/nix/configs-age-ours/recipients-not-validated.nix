# Recipients of files that are not looked at.
# assertion: age.recipients needs age.validateFiles = true
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = "/var/lib/secrets/one.age";
  age.recipients = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEsyNeHW1ooUaWGT8Q5Sw6w5sj4wlPDQAj/ehJpceUgl"
  ];
}
