"""From text to a tree: `nodes` are what a script consists of, `words` scans words, `parser` reads
commands one at a time, `problems` are what is said of wrong ones."""
