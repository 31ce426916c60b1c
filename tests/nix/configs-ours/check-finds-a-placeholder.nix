# A placeholder in a file that stands for no secret stops the build.
# build: no secret behind this placeholder
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a.content = "<SOPS:0000000000000000000000000000000000000000000000000000000000000000:PLACEHOLDER>";
}
