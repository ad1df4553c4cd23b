"""Named metrics: vetted SQL templates with typed parameters. Knows no model."""
