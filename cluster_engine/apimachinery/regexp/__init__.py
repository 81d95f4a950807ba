"""Regular expressions as Go reads them, matched in linear time whatever they say."""
