# No secret any more: our package is not even built.
{ }
