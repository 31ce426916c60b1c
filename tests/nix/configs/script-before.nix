# A script that must run before.
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  system.activationScripts.setupSecrets.deps = [ "mine" ];
  system.activationScripts.mine = "mkdir -p /key";
}
