# home-manager: the last secret is gone.
{
  home.username = "app";
  home.homeDirectory = "/home/app";
}
