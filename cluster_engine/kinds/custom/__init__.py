"""Kinds that users define: from a CustomResourceDefinition to a record like any other."""
