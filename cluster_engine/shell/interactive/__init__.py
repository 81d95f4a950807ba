"""At a terminal: `editor` edits a line, `prompt` makes PS1, `completion` finishes words, `reading`
is the frame that reads commands."""
