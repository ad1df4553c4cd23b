"""Prints the counts; see the package."""

from __future__ import annotations

from evals.wordings import found

print(f"known: {found('known')}")
print(f"unseen: {found('unseen')}")
print(f"programs, known: {found('programs_known')}")
print(f"programs, unseen: {found('programs_unseen')}")
