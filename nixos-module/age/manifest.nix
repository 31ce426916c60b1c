# The one manifest of `age.*`.
{
  config,
  lib,
  pkgs,
}:
let
  cfg = config.age;
  toManifest = import ../manifest.nix { inherit lib; };
  check = import ../check.nix { inherit lib pkgs; };

  # agenix hands both to chown, which takes numbers too.
  account =
    byName: byNumber: text:
    if builtins.match "[0-9]+" text != null then
      { ${byNumber} = lib.toIntBase10 text; }
    else
      { ${byName} = text; };

  secret =
    secret:
    toManifest.ageSecret secret
    // account "owner" "uid" secret.owner
    // account "group" "gid" secret.group;
in
check {
  name = "agenix-manifest.json";
  checker = cfg.validationPackage;
  inherit (cfg) recipients;
  manifest =
    toManifest.head {
      inherit (cfg) onFailure allowDisk;
      keepGenerations = 1;
      integrity = "file";
      log = [ ];
    }
    // {
      secrets = map secret (lib.attrValues cfg.secrets);
      templates = map toManifest.template (lib.attrValues cfg.templates);
      secretsMountPoint = cfg.secretsMountPoint;
      symlinkPath = cfg.secretsDir;
      ageIdentityPaths = cfg.identityPaths;
      placeholderBySecretName = cfg.placeholder;
      userMode = false;
    };
}
