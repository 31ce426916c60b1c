# The manifest: options to the attribute set that `sops-inlay` reads, field for field what src/manifest/raw.rs names.
# What sops-nix's manifest has too is always written, as there; the rest where it differs from its default.
{ lib }:
let
  unless = default: fields: lib.filterAttrs (_: value: value != default) fields;

  placed =
    file:
    unless true { inherit (file) symlink; }
    // unless [ ] {
      inherit (file) paths;
      restartUserUnits = file.restartUserUnits or [ ];
      reloadUserUnits = file.reloadUserUnits or [ ];
    };

  # Who gets a credential reads it when it starts.
  restartUnits =
    file:
    file.restartUnits
    ++ lib.optional (
      file.credential or null != null && !(lib.elem "${lib.removeSuffix ".service" file.credential.unit}.service" file.restartUnits)
    ) "${lib.removeSuffix ".service" file.credential.unit}.service";

  owners = file: {
    inherit (file)
      owner
      uid
      group
      gid
      ;
  };
in
{
  # Where a file belongs to its user: home-manager.
  userSecret =
    secret:
    {
      inherit (secret)
        name
        path
        format
        mode
        sopsFile
        ;
    }
    // unless null { key = secret.keyForManifest; }
    // unless [ ] { inherit (secret) restartUnits reloadUnits; }
    // unless true { inherit (secret) install; }
    // placed secret;

  secret =
    secret:
    {
      inherit (secret)
        name
        path
        format
        mode
        sopsFile
        sopsFileHash
        neededForUsers
        reloadUnits
        ;
      restartUnits = restartUnits secret;
    }
    // owners secret
    // unless null { key = secret.keyForManifest; }
    // unless true { inherit (secret) install; }
    // placed secret;

  # A secret of the host's other manifest, there for templates alone.
  foreignSecret =
    secret:
    {
      inherit (secret) name format sopsFile;
      installedElsewhere = true;
    }
    // unless null { key = secret.keyForManifest; };

  ageSecret =
    secret:
    {
      inherit (secret)
        name
        path
        mode
        ;
      sopsFile = secret.file;
      format = "age";
    }
    // unless [ ] {
      restartUnits = if secret ? credential then restartUnits secret else secret.restartUnits;
      inherit (secret) reloadUnits;
    }
    // unless true { inherit (secret) install; }
    // placed secret;

  template =
    template:
    {
      inherit (template)
        name
        path
        content
        file
        mode
        ;
    }
    // lib.optionalAttrs (template ? owner) (owners template)
    // (
      if template ? owner then
        {
          restartUnits = restartUnits template;
          inherit (template) reloadUnits;
        }
      else
        unless [ ] { inherit (template) restartUnits reloadUnits; }
    )
    // unless null { inherit (template) format trim; }
    // unless { } { delimiters = unless null template.delimiters; }
    // unless "placeholder" { inherit (template) engine; }
    // placed template;

  # What every manifest has, and the options that only ours knows.
  head =
    cfg:
    {
      schema = 1;
      inherit (cfg) keepGenerations;
      logging = {
        keyImport = lib.elem "keyImport" cfg.log;
        secretChanges = lib.elem "secretChanges" cfg.log;
      };
    }
    // unless "abort" { inherit (cfg) onFailure; }
    // unless "file" { inherit (cfg) integrity; }
    // unless false { inherit (cfg) allowDisk; };

  sopsKeys = cfg: {
    gnupgHome = cfg.gnupg.home;
    sshKeyPaths = cfg.gnupg.sshKeyPaths;
    ageKeyFile = cfg.age.keyFile;
    ageSshKeyPaths = cfg.age.sshKeyPaths;
  };
}
