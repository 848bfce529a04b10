"""The things of a catalog as answers show them, but for what the clock and the reader decide."""
