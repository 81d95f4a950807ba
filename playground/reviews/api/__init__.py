"""The review desk over REST; docs/reviews.md describes it."""
