"""Answers in the shape of a JSON schema: which schemas, and how a result becomes a value of one.

Knows no model and no notebook.
"""
