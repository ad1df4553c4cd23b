"""What the agent may call. Knows no model; pandas and duckdb are imported only when a tool is used."""
