# Variables of the shell that agenix's paths are written for.
# holds: r["manifest"]["symlinkPath"] == "/home/a%%b/.agenix"
# holds: r["manifest"]["secretsMountPoint"] == "/home/a%%b/.agenix.d"
# holds: secret("one")["path"] == "%r/one"
# holds: secret("two")["path"] == "/home/a%%b/alice/two"
# holds: secret("two")["paths"] == ["%r/x%%y"]
{
  imports = [ ../base-hm-age.nix ];
  home.homeDirectory = "/home/a%b";
  age.identityPaths = [ "/home/alice/key" ];
  age.secretsDir = "$HOME/.agenix";
  age.secretsMountPoint = "\${HOME}/.agenix.d";
  age.secrets.one = {
    file = ../files/one.age;
    path = "$XDG_RUNTIME_DIR/one";
  };
  age.secrets.two = {
    file = ../files/two.age;
    path = "$HOME/\${USER}/two";
    paths = [ "\${XDG_RUNTIME_DIR}/x%y" ];
  };
}
