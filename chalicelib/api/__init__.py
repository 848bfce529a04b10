"""HTTP in, HTTP out: a blueprint per noun."""
