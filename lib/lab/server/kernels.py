"""Starts kernels with the course's listeners, and makes the stop button end what it must end."""

import asyncio
import os
import signal
from pathlib import Path

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)

from connection import error_content

PATIENCE_S = 3.0
READY_S = 20.0
ENDED = "■ ended this cell by restarting the kernel: the cell never let go. Variables are gone; run the notebook from its top."
AWAITS = "■ was pressed, but this cell awaits something that does not listen to it.\nPress ■ again to end it: the kernel restarts then, and variables are gone.\n"


class Kernel(ServerKernelManager):
    """One Deno process. Runs the course's start-up module before any cell."""

    running_cell = None

    async def _async_post_start_kernel(self, **kwargs):
        await super()._async_post_start_kernel(**kwargs)
        self.running_cell = None
        file_of(self.pid, "stop").unlink(missing_ok=True)  # left by an earlier process of this number
        module = os.environ.get("TAXI_KERNEL_START")
        if module:
            self.run_silently(f'await import("{module}");')

    def run_silently(self, code):
        """The shell channel is a queue: what is sent now runs before the first cell."""
        channel = self.connect_shell()

        def on_reply(_):
            channel.close()

        channel.on_recv(on_reply)
        self.session.send(channel, "execute_request", content={
            "code": code, "silent": True, "store_history": False,
            "user_expressions": {}, "allow_stdin": False, "stop_on_error": False,
        })

    @property
    def pid(self):
        return getattr(self.provisioner, "pid", None)

    async def _async_signal_kernel(self, signum):
        if signum != signal.SIGINT or os.environ.get("TAXI_STOP_BY") != "file":
            return await super()._async_signal_kernel(signum)
        if not self.shutting_down:
            # Windows has no signal that Deno's kernel could hear: its watchdog looks for this file.
            file = file_of(self.pid, "stop")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()


class Kernels(AsyncMappingKernelManager):
    """All kernels of the lab."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.watched = {}  # kernel id -> msg_id of the cell that ■ was pressed on

    async def interrupt_kernel(self, kernel_id):
        kernel = self.get_kernel(kernel_id)
        cell = kernel.running_cell
        if cell and self.watched.get(kernel_id) == ("told", cell["msg_id"]):
            return await self.end_cell(kernel_id, cell, ENDED)
        pid = kernel.pid
        await super().interrupt_kernel(kernel_id)
        if cell and self.watched.get(kernel_id) != ("watching", cell["msg_id"]):
            self.watched[kernel_id] = ("watching", cell["msg_id"])
            kernel.stop_restarter()
            asyncio.ensure_future(self.watch(kernel_id, cell, pid))

    async def watch(self, kernel_id, cell, pid):
        """Waits for what ■ did: the cell ended, the kernel died, or neither."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_S
        while kernel_id in self and loop.time() < deadline:
            kernel = self.get_kernel(kernel_id)
            if not await kernel.is_alive():
                return await self.end_cell(kernel_id, cell, last_words(pid) or ENDED)
            if kernel.running_cell is not cell:
                self.watched.pop(kernel_id, None)
                return kernel.start_restarter()
            await asyncio.sleep(0.05)
        if kernel_id in self:
            self.get_kernel(kernel_id).start_restarter()
            self.watched[kernel_id] = ("told", cell["msg_id"])
            self.tell(kernel_id, cell, "iopub", "stream", {"name": "stderr", "text": AWAITS})

    async def end_cell(self, kernel_id, cell, text):
        """Restarts the kernel and gives the cell the end that its dead process cannot give."""
        self.watched.pop(kernel_id, None)
        error = error_content("Stopped", text)
        self.tell(kernel_id, cell, "iopub", "error", error)
        ready = await self.restart_kernel(kernel_id, now=True)
        self.get_kernel(kernel_id).start_restarter()
        # Only a kernel that answers again may be given the next cell: what is sent before is lost.
        await asyncio.wait([ready], timeout=READY_S)
        await self.until_heard(kernel_id)
        self.tell(kernel_id, cell, "shell", "execute_reply", {**error, "execution_count": None})
        self.tell(kernel_id, cell, "iopub", "status", {"execution_state": "idle"})

    async def until_heard(self, kernel_id):
        """A browser that does not hear the new kernel yet would never learn that its next cell has ended."""
        kernel = self.get_kernel(kernel_id)
        before = {one: one.heard for one in self.connections(kernel_id)}
        channel = kernel.connect_shell()
        try:
            for _ in range(int(READY_S * 10)):
                if all(one.heard > count for one, count in before.items()):
                    return
                kernel.session.send(channel, "kernel_info_request")
                await asyncio.sleep(0.1)
        finally:
            channel.close()

    def connections(self, kernel_id):
        return [one for one in ZMQChannelsWebsocketConnection._open_sockets if one.kernel_id == kernel_id]

    def tell(self, kernel_id, cell, channel, kind, content):
        for connection in self.connections(kernel_id):
            connection.tell(channel, kind, content, cell)


def file_of(pid, kind) -> Path:
    """A file by which a kernel's watchdog and this server speak; `lib/course/stop_button.ts` names it, too."""
    return Path(os.environ.get("TAXI_STATE", ".taxi"), "kernels", f"{pid}.{kind}")


def last_words(pid) -> str | None:
    """What the kernel's own watchdog wrote before it ended the process."""
    note = file_of(pid, "note")
    try:
        text = note.read_text(encoding="utf-8").strip()
        note.unlink()
        return text or None
    except OSError:
        return None
