"""What people say for the same thing: the parts that the patterns of worked examples are built of."""
