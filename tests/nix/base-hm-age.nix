{
  home.username = "alice";
}
