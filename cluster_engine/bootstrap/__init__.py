"""What a new cluster contains before anyone asks for anything."""
