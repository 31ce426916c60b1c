# `age.templates` and `age.placeholder`: as `sops.templates`, over `age.secrets`.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.age;
  common = import ./common.nix { inherit cfg lib pkgs; };
  placeholder = import ../placeholder.nix { inherit lib; };
in
{
  options.age = {
    templates = common.family.templates { users = config.users.users; };
    placeholder = placeholder.option "age";
  };

  config = lib.mkIf (cfg.templates != { }) {
    age.placeholder = placeholder.tokens "age:" cfg.secrets;
  };
}
