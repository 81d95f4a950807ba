"""Commands that the shell runs itself, by topic; `registry` lists them."""
