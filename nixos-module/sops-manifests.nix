# The two manifests of `sops.*`: secrets and templates that are needed for users, and all others.
{
  config,
  lib,
  pkgs,
}:
let
  cfg = config.sops;
  toManifest = import ./manifest.nix { inherit lib; };
  placeholder = import ./placeholder.nix { inherit lib; };
  check = import ./check.nix { inherit lib pkgs; };

  ofPhase = users: lib.filterAttrs (_: file: file.neededForUsers == users);

  # sops-nix's own words: both are thrown before anything is built.
  mistakes = lib.concatMap (
    secret:
    lib.optional (!builtins.pathExists secret.sopsFile)
      "Cannot find path '${secret.sopsFile}' set in sops.secrets.${lib.strings.escapeNixIdentifier secret.name}.sopsFile\n"
    ++
      lib.optional
        (
          !builtins.isPath secret.sopsFile
          && !(builtins.isString secret.sopsFile && lib.hasPrefix builtins.storeDir secret.sopsFile)
        )
        "'${secret.sopsFile}' is not in the Nix store. Either add it to the Nix store or set sops.validateSopsFiles to false"
  );

  manifestFor =
    users:
    {
      suffix,
      mountPoint,
      link,
      unit,
    }:
    let
      secrets = ofPhase users cfg.secrets;
      templates = ofPhase users cfg.templates;
      # Templates may use the secrets of the other phase.
      foreign = lib.optionals (templates != { }) (lib.attrValues (ofPhase (!users) cfg.secrets));
      # Templates of the first phase are given away once users exist; its secrets stay root's, as with sops-nix.
      owned =
        secret:
        secret
        // lib.optionalAttrs (users && templates != { }) {
          owner = null;
          uid = 0;
          group = null;
          gid = 0;
        };
      credential = lib.head (lib.splitString ":" cfg.age.keyCredential);
      failed = mistakes (lib.attrValues secrets);
    in
    if cfg.validateSopsFiles && failed != [ ] then
      throw "\nFailed assertions:\n${lib.concatStringsSep "\n" (map (x: "- ${x}") failed)}"
    else
      check {
        name = "manifest${suffix}.json";
        checker = cfg.validationPackage;
        openFiles = cfg.validateSopsFiles;
        inherit (cfg.age) recipients;
        manifest =
          toManifest.head cfg
          // toManifest.sopsKeys cfg
          // {
            secrets =
              map (secret: toManifest.secret (owned secret)) (lib.attrValues secrets)
              ++ map toManifest.foreignSecret foreign;
            templates = map toManifest.template (lib.attrValues templates);
            secretsMountPoint = mountPoint;
            symlinkPath = link;
            inherit (cfg) useTmpfs;
            placeholderBySecretName = placeholder.bySecretName cfg.secrets cfg.placeholder;
            userMode = false;
          }
          // lib.optionalAttrs (cfg.age.keyCredential != null) {
            ageIdentityPaths = [ "/run/credentials/${unit}.service/${credential}" ];
          };
      };
in
rec {
  regular = {
    secrets = ofPhase false cfg.secrets;
    templates = ofPhase false cfg.templates;
    mountPoint = "/run/secrets.d";
    link = "/run/secrets";
    manifest = manifestFor false {
      inherit (regular) mountPoint link;
      suffix = "";
      unit = "sops-install-secrets";
    };
  };
  users = {
    secrets = ofPhase true cfg.secrets;
    templates = ofPhase true cfg.templates;
    mountPoint = "/run/secrets-for-users.d";
    link = "/run/secrets-for-users";
    manifest = manifestFor true {
      inherit (users) mountPoint link;
      suffix = "-for-users";
      unit = "sops-install-secrets-for-users";
    };
  };
}
