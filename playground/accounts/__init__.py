"""People with an account: allauth, groups, privacy, deletion. Guests stay first-class."""
