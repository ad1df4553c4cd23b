from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.tool import ProgramTool


@pytest.fixture(scope="session")
def shop() -> dict[str, pd.DataFrame]:
    orders = pd.DataFrame(
        {
            "order_id": range(1, 9),
            "customer_id": [1, 2, 1, 3, 2, 1, None, 3],
            "placed": pd.to_datetime(
                [
                    *("2026-01-03", "2026-01-20", "2026-02-02", "2026-02-11"),
                    *("2026-03-01", "2026-03-09", "2026-03-30", "2026-04-05"),
                ]
            ),
            "total": [10.0, 20.5, 30.0, 5.0, 12.0, 8.0, 40.0, None],
            "status": ["paid", "open", "paid", "paid", "open", "paid", "paid", "open"],
            "to_csv": range(8),
        }
    )
    customers = pd.DataFrame({"customer_id": [1, 2, 3], "name": ["Ada", "Grace", "Edsger"]})
    return {"orders": orders, "customers": customers}


@pytest.fixture(scope="session")
def database(shop: dict[str, pd.DataFrame]) -> Iterator[FrameDatabase]:
    with FrameDatabase(shop) as database:
        yield database


@pytest.fixture(scope="module")
def tool(database: FrameDatabase) -> Iterator[ProgramTool]:
    with ProgramTool(database.prepared, database.tables) as tool:
        yield tool
