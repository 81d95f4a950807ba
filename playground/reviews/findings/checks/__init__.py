"""Small pure predicates, one noun per file; `registry` says which rule asks which."""
