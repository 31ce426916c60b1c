# Other variables are not known before the user logs in.
# assertion: age.secretsDir = "$HOMEBREW/agenix": of a shell's variables only
# assertion: age.secrets.one.path = "${XDG_RUNTIME_DIR:-/run}/one": of a shell's variables only
# holds: len(r["failedAssertions"]) == 3
# assertion: age.templates.a.path = "$(id -u)/a": of a shell's variables only
{
  imports = [ ../base-hm-age.nix ];
  age.secretsDir = "$HOMEBREW/agenix";
  age.secretsMountPoint = "$HOME/.agenix.d";
  age.secrets.one = {
    file = ../files/one.age;
    path = "\${XDG_RUNTIME_DIR:-/run}/one";
  };
  age.secrets.two.file = ../files/two.age;
  age.templates.a = {
    path = "$(id -u)/a";
    content = "a";
  };
}
