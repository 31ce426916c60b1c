# A sops file that is not there.
{
  imports = [ ../base.nix ];
  sops.secrets.token.sopsFile = ../files/absent.yaml;
}
