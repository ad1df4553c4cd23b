"""Whether the data hold an answer at all, or two of them."""
