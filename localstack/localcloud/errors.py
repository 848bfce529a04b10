"""The one error this package raises on purpose: a sentence that says what to do next."""


class CloudError(Exception):
    """Something the person at the terminal can fix; its text is shown as it is."""
