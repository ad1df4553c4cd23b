"""Examples of tables laid out anew: crosswise, side by side, in their long form."""
