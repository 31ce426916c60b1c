# A misspelt option.
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    file = ../files/one.age;
    onwer = "app";
  };
}
