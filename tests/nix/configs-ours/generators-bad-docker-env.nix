# A line break, which docker-env cannot hold.
# error: template app/x: env.A: docker-env cannot hold line breaks
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates."app/x" = {
    env.A = "a\nb";
    format = "docker-env";
  };
}
