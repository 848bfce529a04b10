"""A serverless course catalog for Open edX."""
