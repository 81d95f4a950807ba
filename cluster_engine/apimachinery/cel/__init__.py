"""The Common Expression Language: the rules that users write into their policies and schemas."""
