# A script that runs after setupSecrets.
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  system.activationScripts.mine = {
    deps = [ "setupSecrets" ];
    text = "cat /run/secrets/token";
  };
}
