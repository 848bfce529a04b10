"""A sample Open edX campus: the systems that own course data, played by one small process."""
