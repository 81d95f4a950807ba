"""What a shell is in the middle of: a stack of frames, each of them data with an `advance`.

`frame` is the base, `sequences`, `loops`, `choices`, `pipelines`, `simple` run commands, `waiting`
waits for processes, `substitution` gathers output, `sources` read commands from somewhere.
"""
