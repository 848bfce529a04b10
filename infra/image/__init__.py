"""The container image: entry point, health check, and the proof that it works."""
