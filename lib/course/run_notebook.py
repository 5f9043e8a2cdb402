"""Runs one notebook in a real kernel and tells each cell's fate as a line of JSON on stdout.

Ends, and its kernel with it, at the end of stdin: the one end that every system has, also when the parent is killed.

Reads a job as one line of JSON from stdin:
  kernel    command of the kernel, with "{connection_file}" in it
  cwd       folder the kernel starts in
  startup   code to run silently before the first cell
  notebook  path of the .ipynb
  replace   source by cell id, instead of what the notebook holds
  solve     answers by cell id: after `ex-1-check` has judged the stub, `ex-1-code` runs as each
            answer and `ex-1-check` again, in the same kernel
  goOn      whether the cells after one that failed run, too
  html      path for an executed copy, or null
  note      path of the watchdog's word, with "{pid}" in it
  timeoutS  longest time for one cell, in seconds

Results can arrive after the kernel has said "idle", so it goes on listening for a while: clients that stop
at "idle" lose outputs.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from queue import Empty

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

AFTER_IDLE_S = 0.15
UNHANDLED = "✗ Nobody caught this error:"


def tell(**event):
    print(json.dumps(event), flush=True)


class GivenKernel(KernelSpecManager):
    """Knows one kernel: the command of the job."""

    command = []

    def get_kernel_spec(self, kernel_name):
        return KernelSpec(argv=self.command, display_name="Deno", language="typescript")


class Run:
    """One cell's messages, from the request until the kernel has been quiet after idle."""

    def __init__(self, outputs):
        self.outputs = outputs
        self.error = None
        self.verdicts = []
        self.value = None

    def take(self, message):
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            self.error = {"name": content["ename"], "message": content["evalue"], "trace": content["traceback"]}
        elif kind == "stream" and content["name"] == "stderr" and UNHANDLED in content["text"]:
            said = content["text"].split(UNHANDLED, 1)[1].strip().split("\n")[0]
            self.error = {"name": "Unhandled", "message": said, "trace": []}
        elif kind == "display_data":
            taxi = content.get("metadata", {}).get("taxi", {})
            if taxi.get("kind") == "verdict":
                self.verdicts.append({key: taxi[key] for key in ("title", "verdict", "hint", "belief") if key in taxi})
        elif kind == "execute_result":
            self.value = content["data"].get("text/plain", "")
        self.outputs.take(message)


class Outputs:
    """Outputs of all cells in the notebook's own form; an update finds its display wherever it is."""

    def __init__(self):
        self.current = []
        self.displays = {}

    def begin(self):
        self.current = []
        return self.current

    def take(self, message):
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            last = self.current[-1] if self.current else None
            if last and last["output_type"] == "stream" and last["name"] == content["name"]:
                last["text"] += content["text"]
            else:
                self.current.append({"output_type": "stream", **content})
        elif kind == "error":
            self.current.append({"output_type": "error", **content})
        elif kind in ("display_data", "execute_result"):
            output = {"output_type": kind, "data": content["data"], "metadata": content.get("metadata", {})}
            if kind == "execute_result":
                output["execution_count"] = content["execution_count"]
            self.current.append(output)
            name = content.get("transient", {}).get("display_id")
            if name:
                self.displays.setdefault(name, []).append(output)
        elif kind == "update_display_data":
            for output in self.displays.get(content.get("transient", {}).get("display_id"), []):
                output["data"] = content["data"]
        elif kind == "clear_output":
            self.current.clear()


class End:
    """Ended from outside, this process takes its kernel along, also while that is still starting."""

    asked = False
    kernel = None

    @classmethod
    def ask(cls, *_):
        cls.asked = True
        if cls.kernel is not None:
            # At once: raising here, in the middle of somebody's event loop, might be swallowed.
            os.kill(cls.kernel, getattr(signal, "SIGKILL", signal.SIGTERM))  # each one kills on Windows
            os._exit(143)

    @classmethod
    def with_stdin(cls):
        while os.read(0, 4096):
            pass
        cls.ask()

    @classmethod
    def of(cls, kernel):
        cls.kernel = kernel
        if cls.asked:
            cls.ask()


class Session:
    def __init__(self, job):
        self.job = job
        self.outputs = Outputs()
        self.busy = False
        specs = GivenKernel()
        specs.command = job["kernel"]
        self.manager = KernelManager(kernel_name="deno", kernel_spec_manager=specs)
        self.manager.start_kernel(cwd=job["cwd"])
        self.pid = self.manager.provisioner.pid
        End.of(self.pid)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def usable(self):
        """Whether the kernel lives and waits for work: not in the middle of a cell that took too long."""
        return self.manager.is_alive() and not self.busy

    def execute(self, code, silent=False):
        run = Run(self.outputs)
        request = self.client.execute(code, silent=silent, store_history=not silent)
        deadline = time.monotonic() + self.job["timeoutS"]
        reply, idle_at = None, None
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=0.05)
                if message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle":
                    idle_at = time.monotonic()
                elif message["msg_type"] != "status":
                    run.take(message)
                    idle_at = idle_at and time.monotonic()
            except Empty:
                pass
            reply = reply or self.reply_to(request)
            now = time.monotonic()
            if reply and idle_at and now - idle_at > AFTER_IDLE_S:
                break
            if not self.manager.is_alive():
                run.error = {"name": "KernelDied", "message": self.last_word(), "trace": []}
                return run
            if now > deadline:
                self.busy = True
                run.error = {"name": "Timeout", "message": f"the cell did not end within {self.job['timeoutS']} s", "trace": []}
                return run
        if reply["status"] == "error" and run.error is None:
            # Deno's kernel gives no error message for a cell that does not parse.
            run.error = {"name": "SyntaxError", "message": "the cell does not parse", "trace": []}
        return run

    def reply_to(self, request):
        try:
            message = self.client.get_shell_msg(timeout=0)
        except Empty:
            return None
        return message["content"] if message["parent_header"].get("msg_id") == request else None

    def last_word(self):
        note = Path(self.job["note"].replace("{pid}", str(self.pid)))
        if not note.exists():
            return "the kernel ended without a word"
        said = note.read_text(encoding="utf-8").strip()
        note.unlink()
        return said


def main():
    signal.signal(signal.SIGTERM, End.ask)
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=End.with_stdin, daemon=True).start()
    notebook = json.loads(Path(job["notebook"]).read_text(encoding="utf-8"))
    session = Session(job)
    try:
        session.execute(job["startup"], silent=True)
        for count, cell in enumerate(code_cells(notebook), 1):
            source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            source = cell["source"] = job["replace"].get(cell["id"], source)
            cell["execution_count"] = count
            cell["outputs"] = session.outputs.begin()
            if not fate(session, cell["id"], source) and not (job["goOn"] and session.usable()):
                break
            stub = cell["id"].removesuffix("-check") + "-code"
            answers = job["solve"].get(stub, []) if stub != cell["id"] else []
            if not all(
                fate(session, stub, answer, tried=at) and fate(session, cell["id"], source, tried=at)
                for at, answer in enumerate(answers)
            ):
                break
    finally:
        session.close()
    if job["html"]:
        write_html(notebook, Path(job["html"]))
    tell(done=True)


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def fate(session, name, source, tried=None):
    """Runs a cell, tells what came of it, and says whether to go on."""
    started = time.monotonic()
    run = session.execute(source)
    seconds = round(time.monotonic() - started, 3)
    tell(cell=name, seconds=seconds, error=run.error, verdicts=run.verdicts, value=run.value, source=source, tried=tried)
    return run.error is None


def write_html(notebook, path):
    import nbformat
    from nbconvert import HTMLExporter

    node = nbformat.reads(json.dumps(notebook), as_version=4)
    body, _ = HTMLExporter().from_notebook_node(node, resources={"metadata": {"name": path.stem}})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")


main()
