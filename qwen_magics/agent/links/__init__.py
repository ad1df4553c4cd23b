"""Which tables, keys and values a question speaks of, and the joins between them."""
