# Two credentials of one name for one service, once with its suffix.
# assertion: sops: app.service gets the-token twice
{
  imports = [ ../base.nix ];
  sops.secrets.token.credential = {
    unit = "app.service";
    id = "the-token";
  };
  sops.templates.a = {
    content = "x";
    credential = {
      unit = "app";
      id = "the-token";
    };
  };
}
