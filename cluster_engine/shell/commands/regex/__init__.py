"""POSIX regular expressions in bounded time, for grep, sed, awk, expr and `[[ =~ ]]`."""
