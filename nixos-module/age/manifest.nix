# The one manifest of `age.*`.
{
  config,
  lib,
  pkgs,
}:
let
  cfg = config.age;
  toManifest = import ../manifest.nix { inherit lib; };
  placeholder = import ../placeholder.nix { inherit lib; };
  check = import ../check.nix { inherit lib pkgs; };

  # agenix hands both to chown, which takes numbers too.
  isNumber = text: text != null && builtins.match "[0-9]+" text != null;
  numbered =
    byName: byNumber: file:
    lib.optionalAttrs (isNumber file.${byName}) {
      ${byName} = null;
      ${byNumber} = lib.toIntBase10 file.${byName};
    };
  template =
    template:
    toManifest.template template // numbered "owner" "uid" template // numbered "group" "gid" template;

  secret =
    secret:
    toManifest.ageSecret secret
    // {
      inherit (secret) owner group;
    }
    // numbered "owner" "uid" secret
    // numbered "group" "gid" secret;
in
check {
  name = "agenix-manifest.json";
  checker = cfg.validationPackage;
  openFiles = cfg.validateFiles;
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
      templates = map template (lib.attrValues cfg.templates);
      secretsMountPoint = cfg.secretsMountPoint;
      symlinkPath = cfg.secretsDir;
      ageIdentityPaths = cfg.identityPaths;
      placeholderBySecretName = placeholder.bySecretName cfg.secrets cfg.placeholder;
      userMode = false;
      # A secret may be a program: agenix's mount takes them.
      allowExec = true;
    };
}
