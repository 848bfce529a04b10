"""The routes of the internal surface: a blueprint per noun."""
