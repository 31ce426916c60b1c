# `sops.templates` and `sops.placeholder`.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  placeholder = import ../placeholder.nix { inherit lib; };
  mistakes = import ../mistakes.nix { inherit lib; };
in
{
  options.sops = {
    templates = lib.mkOption {
      type = lib.types.attrsOf (
        import ./template-type.nix {
          inherit lib pkgs;
          family = "sops";
          users = config.users.users;
          phases = true;
          defaultPath =
            template:
            "${
              if template.neededForUsers then "/run/secrets-for-users" else "/run/secrets"
            }/rendered/${template.name}";
          defaultPathText = "`/run/secrets/rendered/NAME`; with `neededForUsers` `/run/secrets-for-users/rendered/NAME`";
        }
      );
      default = { };
      description = "Files with placeholders, rendered with the secrets they stand for.";
    };
    placeholder = placeholder.option "sops";
  };

  config = lib.mkIf (config.sops.templates != { }) {
    sops.placeholder = placeholder.tokens "" config.sops.secrets;
    warnings = mistakes.ignoredFiles "sops" config.sops.templates;
  };
}
