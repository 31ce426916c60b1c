# Who installs what: which phase is there, whether a unit or an activation script installs it, and with which command.
{
  config,
  options,
  lib,
  pkgs,
}:
let
  cfg = config.sops;
  inherit (import ./sops-manifests.nix { inherit config lib pkgs; }) regular users;

  isUsed = phase: phase.secrets != { } || phase.templates != { };
  program = "${cfg.package}/bin/sops-inlay";

  # Users come from the units of systemd then, and passwords must be there before those.
  usersBySystemd =
    (options.systemd ? sysusers && config.systemd.sysusers.enable)
    || (options.services ? userborn && config.services.userborn.enable);
  # Only templates of this phase may have owners: they get them once users exist. Not asked of the owners themselves, which may
  # follow from services (`config.systemd.services.x.serviceConfig.User`): which units there are must not depend on units.
  mayHaveOwners = users.templates != { };
  installForUsers = "${program} install ${
    if mayHaveOwners then "--without-owners" else "--ignore-passwd"
  } ${users.manifest}";
  ownersForUsers = "${program} install --only-owners ${users.manifest}";

  # The snippets and units that install, as their result is asked of them.
  scripts =
    lib.optional (isUsed users && !usersBySystemd) "setupSecretsForUsers"
    ++ lib.optional (isUsed users && !usersBySystemd && mayHaveOwners) "setupSecretsForUsersOwners"
    ++ lib.optional (isUsed regular && !cfg.useSystemdActivation) "setupSecrets";
  units =
    lib.optional (isUsed users && usersBySystemd) "sops-install-secrets-for-users.service"
    ++ lib.optional (
      isUsed users && usersBySystemd && mayHaveOwners
    ) "sops-install-secrets-for-users-owners.service"
    ++ lib.optional (isUsed regular && cfg.useSystemdActivation) "sops-install-secrets.service";
in
{
  inherit
    regular
    users
    isUsed
    program
    usersBySystemd
    mayHaveOwners
    installForUsers
    ownersForUsers
    scripts
    units
    ;
}
