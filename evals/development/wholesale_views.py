"""The wholesaler's tables joined as several gold results need them."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames

__all__ = ["buyers", "goods", "sales"]


def sales(f: Frames) -> pd.DataFrame:
    """The lines of the orders that were not cancelled, each with its worth after discount in euros."""
    lines = f["order_lines"].merge(f["orders"], on="order_id")
    lines = lines[lines.status != "X"]
    return lines.assign(worth=lines.qty * lines.unit_price * (1 - lines.disc))


def goods(f: Frames) -> pd.DataFrame:
    """The products with the names of their category and supplier."""
    categories = f["categories"].rename(columns={"name": "category"})
    suppliers = f["suppliers"].rename(columns={"company": "supplier"})
    return f["products"].merge(categories, on="category_id").merge(suppliers, on="supplier_id")


def buyers(f: Frames) -> pd.DataFrame:
    """The customers with the name of their region."""
    return f["customers"].merge(f["regions"].rename(columns={"name": "region"}), on="region_id")
