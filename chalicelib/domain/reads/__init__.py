"""What a read adds: the time, the reader, the request's flags."""
