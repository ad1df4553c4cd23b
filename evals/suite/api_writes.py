"""Changes by a web API, all approved. Right is the state of the server afterwards, not what was said."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evals.question import Changed, Frames, Question

__all__ = ["QUESTIONS"]


def _updated(collection: str, key: str, **fields: Any) -> Any:
    def gold(f: Frames) -> Changed:
        frame = f[collection].copy()
        for name, value in fields.items():
            frame.loc[frame["id"] == key, name] = value
        return Changed({**f, collection: frame})

    return gold


def _added(collection: str, **fields: Any) -> Any:
    def gold(f: Frames) -> Changed:
        return Changed({**f, collection: pd.concat([f[collection], pd.DataFrame([fields])])})

    return gold


def _deleted(collection: str, key: str) -> Any:
    return lambda f: Changed({**f, collection: f[collection].query(f"id != '{key}'")})


def _asked(key: str, text: str, gold: Any) -> Question:
    return Question(key, text, gold, source="office")


QUESTIONS = (
    _asked("maple-12", "Set the seats of the room maple to 12.", _updated("rooms", "maple", seats=12)),
    _asked("oak-floor", "Change the floor of the room oak to 3.", _updated("rooms", "oak", floor=3)),
    _asked(
        "boris-support",
        "Update the employee boris: the team is now support.",
        _updated("employees", "boris", team="support"),
    ),
    _asked("raise-hanna", "Set the salary of hanna to 61000.", _updated("employees", "hanna", salary=61000)),
    _asked(
        "confirm-b07",
        "Set the status of booking b07 to confirmed.",
        _updated("bookings", "b07", status="confirmed"),
    ),
    _asked("delete-b03", "Delete booking b03.", _deleted("bookings", "b03")),
    _asked("remove-birch", "Delete the room birch.", _deleted("rooms", "birch")),
    _asked(
        "new-room",
        "Add a room in building South on floor 2 with 8 seats and no projector (projector false).",
        _added("rooms", building="South", floor=2, seats=8, projector=False),
    ),
    _asked(
        "new-booking",
        "Create a booking of room fir by employee lena on day 2026-06-02 for 2 hours with status confirmed.",
        _added("bookings", room="fir", employee="lena", day="2026-06-02", hours=2, status="confirmed"),
    ),
    _asked(
        "move-b10",
        "Change booking b10: the room is now elm and it takes 4 hours.",
        _updated("bookings", "b10", room="elm", hours=4),
    ),
)
