"""The commands of a container, one file each; `registry.py` lists them.

The lead is writing the commands (`command.py`, `options.py`, simple ones first) while the parser, the
interpreter, the interactive shell and its builtins are written beside this folder: builtins such as
echo, printf, test and kill may call the same `run` functions with an `Invocation` of their own.
"""
