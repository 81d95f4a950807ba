"""Settings: `base` for all, `local` for one machine, `test` for the tests."""
