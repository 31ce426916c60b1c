# A file for an age key may be for the one that an ed25519 key is converted to.
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
  age.recipients = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEsyNeHW1ooUaWGT8Q5Sw6w5sj4wlPDQAj/ehJpceUgl"
  ];
}
