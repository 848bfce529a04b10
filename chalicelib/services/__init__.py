"""What the catalog does: one verb per module, collaborators passed by keyword."""
