"""What messages call an object, and how large it may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from explorer.limits import Limits


@dataclass
class ObjectOrigin:
    """name : the object's class and its package, "pandas DataFrame"
    stem : what the space is called unless told
    limits : a person's own, as for files from Python
    """

    name: str
    stem: str
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of(cls, thing: Any) -> ObjectOrigin:
        """Of an object: called by its own name where it has one (a table), else by its class."""
        kind = type(thing)
        package = kind.__module__.partition(".")[0]
        title = kind.__name__ if package == "builtins" else f"{package} {kind.__name__}"
        own = getattr(thing, "name", None)
        return cls(title, own if isinstance(own, str) and own else kind.__name__)
