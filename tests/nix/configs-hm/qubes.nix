# Split GPG of Qubes OS.
{
  imports = [ ../base-hm.nix ];
  sops.age.keyFile = null;
  sops.gnupg.qubes-split-gpg.enable = true;
  sops.gnupg.qubes-split-gpg.domain = "vault";
  sops.secrets.token = { };
}
