"""Pod Security Standards: levels of what pods may ask for, set by labels of the namespace."""
