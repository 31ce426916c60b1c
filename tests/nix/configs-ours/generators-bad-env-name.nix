# What is no name of a variable.
# error: template app/x: env.A-B: the name of a variable
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates."app/x" = {
    env."A-B" = "x";
  };
}
