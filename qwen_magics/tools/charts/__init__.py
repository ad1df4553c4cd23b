"""Charts of results: what may be drawn, as a Vega-Lite specification of ours, and as PNG.

Knows no model. A model chooses among the result's columns; it never writes a specification, so no chart can
load anything, run an expression, or show a number that is not in the result.
"""
