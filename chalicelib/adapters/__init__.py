"""With whom the catalog speaks: one module per outside system."""
