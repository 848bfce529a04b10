"""The same handlers outside Lambda: serve, work, tick and the operator's commands."""
