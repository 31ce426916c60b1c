# `age.templates` and `age.placeholder`: as `sops.templates`, over `age.secrets`.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.age;
  placeholder = import ../placeholder.nix { inherit lib; };
in
{
  options.age = {
    templates = lib.mkOption {
      type = lib.types.attrsOf (
        import ../options/template-type.nix {
          inherit lib pkgs;
          family = "age";
          users = config.users.users;
          defaultPath = template: "${cfg.secretsDir}/rendered/${template.name}";
          defaultPathText = "`rendered/NAME` below {option}`age.secretsDir`";
        }
      );
      default = { };
      description = "Files with placeholders, rendered with the secrets they stand for.";
    };
    placeholder = placeholder.option "age";
  };

  config = lib.mkIf (cfg.templates != { }) {
    age.placeholder = placeholder.tokens "age:" cfg.secrets;
    assertions = lib.mapAttrsToList (name: template: {
      assertion = lib.length template.sources <= 1;
      message = "age.templates.${name} takes one of ${lib.concatStringsSep ", " template.sources}: they exclude each other";
    }) cfg.templates;
  };
}
