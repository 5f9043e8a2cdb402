"""The way between a browser and its kernel: adds what the Deno kernel leaves out."""

import asyncio
import json

from jupyter_client.jsonutil import json_default
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

import cell_errors

V1 = "v1.kernel.websocket.jupyter.org"
REMEMBERED = 200


class Connection(ZMQChannelsWebsocketConnection):
    """Remembers what was asked, holds back a failed reply until its reason is known."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = {}  # msg_id -> (header, code) of the newest cells
        self.shown = {}  # msg_id -> future: the cell's error stands in the notebook
        self.tasks = set()
        self.heard = 0  # messages from the kernel's broadcast channel

    def handle_incoming_message(self, incoming_msg):
        if self.subprotocol == V1:
            channel, parts = deserialize_msg_from_ws_v1(incoming_msg)
            header = json.loads(bytes(parts[0]))
            if channel == "shell" and header["msg_type"] == "execute_request":
                code = json.loads(bytes(parts[3])).get("code", "")
                self.asked[header["msg_id"]] = (header, code)
                if len(self.asked) > REMEMBERED:
                    del self.asked[next(iter(self.asked))]
        super().handle_incoming_message(incoming_msg)

    def _on_zmq_reply(self, stream, msg_list):
        if self.subprotocol != V1 or stream.closed():
            return super()._on_zmq_reply(stream, msg_list)
        channel = getattr(stream, "channel", None)
        kind = json.loads(bytes(msg_list[0])).get("msg_type")
        self.heard += channel == "iopub"
        if channel == "iopub" and kind == "status":
            self.note_status(msg_list)
        elif channel == "iopub" and kind == "error":
            return self.later(self.finish_error(stream, msg_list))
        elif channel == "shell" and kind == "execute_reply":
            return self.later(self.finish_reply(stream, msg_list))
        return super()._on_zmq_reply(stream, msg_list)

    def later(self, work):
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def note_status(self, msg_list):
        """Tells the kernel's manager which cell runs now; the stop button needs it."""
        parent = json.loads(bytes(msg_list[1]))
        if parent.get("msg_type") != "execute_request":
            return
        kernel = self.kernel_manager
        if json.loads(bytes(msg_list[3]))["execution_state"] == "busy":
            kernel.running_cell = parent
        elif (getattr(kernel, "running_cell", None) or {}).get("msg_id") == parent["msg_id"]:
            kernel.running_cell = None

    async def finish_reply(self, stream, msg_list):
        """A reply that names no error belongs to a cell that does not parse."""
        parent, content = (json.loads(bytes(msg_list[part])) for part in (1, 3))
        header, code = self.asked.get(parent.get("msg_id"), (None, ""))
        if header and content.get("status") == "error":
            if content.get("traceback"):
                # The error comes on another channel and may still be explained: the cell ends after it.
                await asyncio.wait([self.showing(header)], timeout=cell_errors.TIMEOUT_S)
            else:
                msg_list = await self.refuse(code, header, msg_list)
            self.shown.pop(header["msg_id"], None)
        super()._on_zmq_reply(stream, msg_list)

    async def refuse(self, code, header, msg_list):
        """Says in the cell where it does not parse; gives the reply the same words."""
        content = json.loads(bytes(msg_list[3]))
        where = await cell_errors.explain(code) or content.get("evalue", "")
        error = error_content("SyntaxError", f"This cell does not parse, so nothing in it ran.\n{where}")
        self.tell("iopub", "error", error, header)
        return [*msg_list[:3], json.dumps({**content, **error}).encode(), *msg_list[4:]]

    async def finish_error(self, stream, msg_list):
        """Adds the place to an early error, and the value to a thrown one that has no text."""
        parent, content = (json.loads(bytes(msg_list[part])) for part in (1, 3))
        lines = content.get("traceback", [])
        header, code = self.asked.get(parent.get("msg_id"), (None, ""))
        if not "".join(lines).strip():
            content["traceback"] = [f"Uncaught {content.get('evalue', '')}"]
        elif content.get("ename") == "SyntaxError" and len(lines) == 1:
            where = await cell_errors.explain(code)
            content["traceback"] = [*lines, where] if where else lines
        super()._on_zmq_reply(stream, [*msg_list[:3], json.dumps(content).encode(), *msg_list[4:]])
        if header and not self.showing(header).done():
            self.showing(header).set_result(None)

    def showing(self, header):
        return self.shown.setdefault(header["msg_id"], asyncio.get_running_loop().create_future())

    def tell(self, channel, kind, content, parent):
        """Sends the browser a message as if it came from the kernel."""
        message = self.session.msg(kind, content=content, parent=parent)
        if self.subprotocol == V1:
            self.write_message(serialize_msg_to_ws_v1(message, channel, self.session.pack), binary=True)
        else:
            self.write_message(json.dumps({**message, "channel": channel}, default=json_default))


def error_content(name: str, text: str) -> dict:
    """An error whose whole text is `text`: learners get no stack of the machinery."""
    return {"status": "error", "ename": name, "evalue": text.split("\n")[0], "traceback": [text]}
