"""The worked examples in pandas, by kind, and which of them are nearest to a question."""
