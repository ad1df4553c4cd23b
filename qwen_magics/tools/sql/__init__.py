"""SQL over the user's tables: names, grammar, gate, hints, review."""
