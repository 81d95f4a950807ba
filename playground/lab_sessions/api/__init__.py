"""The playground's own REST API, `/api/v1/`; openapi.py describes it."""
