"""A worker whose engine repeats its prompt, and fails where it is told to."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "workers"))

from serving import Backend, Progress, serve


class Echo(Backend):
    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        print("a library that prints to stdout")
        os.write(1, b"or writes to its descriptor\n")
        return {"settings": {"threads": request["threads"]}, "versions": {}}

    def generate(self, request: dict[str, Any], progress: Progress) -> None:
        if request["prompt"] == [0]:
            msg = "no zeros"
            raise ValueError(msg)
        if request["prompt"] == [1]:
            sys.stderr.write("out of memory\n")
            sys.stderr.flush()
            os._exit(3)
        if request["prompt"] == [2]:
            # A process that is stopped where it should answer.
            while True:
                pass
        for token in request["prompt"]:
            progress.text += f"{token} "
            progress.add()


if __name__ == "__main__":
    serve(Echo())
