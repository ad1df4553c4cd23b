"""Worked examples of what a question asks for, told over the question's own tables."""
