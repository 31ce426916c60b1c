# The file has another name than the attribute.
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    name = "uno";
    file = ../files/one.age;
  };
}
