"""Short pandas programs that a model wrote: checked by their syntax tree, run in a process of their own.

A guard, not a security boundary: see `docs/pandas.md` for what is covered and what is not.
"""
