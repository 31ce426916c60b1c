# A format that the generator does not write.
# error: template app/x: json: the format env is not one that it writes: json, yaml
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates."app/x" = {
    json.a = 1;
    format = "env";
  };
}
