# sops and age beside each other.
# modules: default
# holds: r["manifest"]["symlinkPath"] == "/run/secrets"
# holds: r["buildFiles"]["agenix-manifest"]["name"] == "agenix-manifest.json"
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  age.identityPaths = [ "/run/age-keys.txt" ];
  age.secrets.token.file = ../files/one.age;
  age.templates.a.content = config.age.placeholder.token;
  sops.templates.a.content = config.sops.placeholder.token;
}
