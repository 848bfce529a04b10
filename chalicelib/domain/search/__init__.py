"""What is searched: documents, their mappings, and lists as the engine is asked for them."""
