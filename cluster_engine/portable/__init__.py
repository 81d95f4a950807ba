"""A cluster as a set of plain files: to keep, to read, to bring to another installation."""
