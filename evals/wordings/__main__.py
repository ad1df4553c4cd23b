"""Prints the counts; see the package."""

from __future__ import annotations

from evals.wordings import found

print(f"known: {found('known')}")
print(f"unseen: {found('unseen')}")
