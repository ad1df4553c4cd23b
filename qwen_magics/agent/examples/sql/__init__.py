"""The worked examples in SQL, by kind, and which of them are nearest to a question."""
