"""A visitor without a browser: Streamlit's own websocket messages, as a page would send them.

It opens a page, clicks in our list component, presses buttons, and reads what comes back: the
elements of the last run, how long it took, and any error that the page shows.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

LARGEST_MESSAGE = 1 << 28
LONGEST_RUN = 120.0  # seconds
INTERNAL = "$$STREAMLIT_INTERNAL_KEY_"  # before the id of a component's trigger


@dataclass(frozen=True)
class Answer:
    """What one run of a page brought.

    seconds : from sending the message to the end of the run
    elements : in the order of their arrival
    """

    seconds: float
    elements: list[Element] = field(repr=False)

    @property
    def errors(self) -> list[str]:
        """Tracebacks and error boxes."""
        found = [one.exception.message for one in self.elements if one.HasField("exception")]
        alerts = [one.alert for one in self.elements if one.HasField("alert")]
        return found + [one.body for one in alerts if one.format == one.ERROR]

    def lists(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Each of our item lists: the component's id, and its items."""
        for one in self.elements:
            component = one.bidi_component
            if one.HasField("bidi_component") and component.component_name.endswith("item_list"):
                yield component.id, json.loads(_text(component))[0]["items"]

    def button(self, label: str) -> str:
        """The id of the button of that label."""
        for one in self.elements:
            if one.HasField("button") and one.button.label == label:
                return one.button.id
        raise LookupError(f"there is no button {label!r}")

    def text(self) -> str:
        """All that is written in Markdown."""
        return "\n".join(one.markdown.body for one in self.elements if one.HasField("markdown"))


class Session:
    """One visitor's connection; `async with Session(port) as session`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.query = ""
        self.page = ""
        self.script = ""  # the hash by which the server knows the page
        self.fragment = ""  # of the page that asks to be run again and again

    async def __aenter__(self) -> Session:
        self._socket: ClientConnection = await connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            subprotocols=["streamlit"], max_size=LARGEST_MESSAGE, open_timeout=60,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def open(self, page: str = "", **parameters: str) -> Answer:
        """Open a page by its address, "" for the first; what is asked for stands in the link."""
        self.page, self.script, self.fragment = page, "", ""
        self.query = urlencode(parameters, quote_via=quote)
        message = self._rerun()
        message.rerun_script.is_history_navigation = True
        return await self._run(message)

    async def pick(self, component: str, row: int) -> Answer:
        """Click on an item of a list."""
        message = self._rerun()
        state = message.rerun_script.widget_states.widgets.add()
        state.id = f"{INTERNAL}{component}__events"
        state.json_trigger_value = json.dumps([{"event": "pick", "value": row}])
        return await self._run(message)

    async def press(self, button: str) -> Answer:
        """Press a button by its id."""
        message = self._rerun()
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button, True
        return await self._run(message)

    async def look_again(self) -> Answer | None:
        """Run the page's fragment that runs by itself, as a browser does; None without one."""
        if not self.fragment:
            return None
        message = self._rerun()
        message.rerun_script.fragment_id = self.fragment
        message.rerun_script.is_auto_rerun = True
        return await self._run(message)

    def _rerun(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        message.rerun_script.page_script_hash = self.script
        return message

    async def _run(self, message: BackMsg) -> Answer:
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        elements: list[Element] = []
        async with asyncio.timeout(LONGEST_RUN):
            while True:
                received = ForwardMsg.FromString(await self._socket.recv())
                kind = received.WhichOneof("type")
                if kind == "delta" and received.delta.WhichOneof("type") == "new_element":
                    elements.append(received.delta.new_element)
                elif kind == "page_info_changed":
                    self.query = received.page_info_changed.query_string
                elif kind == "new_session":
                    elements.clear()  # a run that begins anew, by st.rerun, replaces what was there
                    if not received.metadata.run.fragment_ids:
                        self.fragment = ""  # a run of the whole page says itself what runs again
                elif kind == "auto_rerun":
                    self.fragment = received.auto_rerun.fragment_id
                elif kind == "stop_auto_rerun":
                    self.fragment = ""
                elif kind == "navigation":
                    self.script = received.navigation.page_script_hash
                elif kind == "script_finished" and received.script_finished in (
                    ForwardMsg.FINISHED_SUCCESSFULLY,
                    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
                    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
                ):  # fmt: skip
                    return Answer(time.perf_counter() - began, elements)


def _text(component: Any) -> str:
    return component.json or component.mixed.json
