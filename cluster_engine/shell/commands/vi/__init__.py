"""vi, as BusyBox has it and a little more: enough to edit a file.

`text` holds the lines and what was done to them, `motions` says where keys lead, `normal` what
keys do, `colon` what the line at the bottom does; `editor` puts them together and `program` is
what the kernel runs.
"""
