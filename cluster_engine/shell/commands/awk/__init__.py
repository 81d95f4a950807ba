"""awk: a language for lines of fields.

`lexer` and `parser` read a program into the tree of `nodes`, `compiler` turns that into steps,
`machine` takes the steps, as many at a time as the kernel allows, and `program` is what the kernel
runs.
"""
