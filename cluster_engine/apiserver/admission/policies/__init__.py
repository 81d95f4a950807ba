"""Admission policies: rules in CEL that people write themselves."""
