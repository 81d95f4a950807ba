"""From words to fields: `expander` goes through a word, `parameters` does `${…}`, `arithmetic`
`$((…))`, `pattern` matches, `pathnames` lists files, `braces` comes before all of them, `fields`
splits what came out."""
