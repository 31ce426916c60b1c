# Recipients of files that are not looked at.
# assertion: sops.age.recipients needs sops.validateSopsFiles = true
{
  imports = [ ../base.nix ];
  sops.age.recipients = [ "age1fz03c6rtkrqg73ew3jz8jznzg5x6pmp7rly3u2j6s4rdtvja2p3qnerjuv" ];
  sops.validateSopsFiles = false;
  sops.secrets.token = { };
}
