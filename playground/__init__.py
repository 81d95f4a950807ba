"""Podyard's Django project: the site in front of the cluster engine."""
