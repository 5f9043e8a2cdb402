"""Starts JupyterLab for the course and ends it when the terminal that started it is gone.

`lib/lab/jupyter.ts` runs this file and holds its standard input open: the end of that input means
that the parent has ended, however it ended, so the server and its kernels end too.
"""

import os
import signal
import sys
import threading
import time

STOPS_WITHIN_S = 9  # the parent, where it still lives, waits for ten


def end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    module = sys.modules.get("jupyter_server.serverapp")
    app = getattr(module, "ServerApp", None)
    server = app.instance() if app and app.initialized() else None
    loop = getattr(server, "io_loop", None)
    if loop is not None:
        # Not by a signal: on Windows os.kill() ends this process at once, and its kernels would live on.
        loop.add_callback(server.stop)
        time.sleep(STOPS_WITHIN_S)
    os._exit(1)  # it hangs, or is so early that there is no kernel yet


if __name__ == "__main__":
    # A server started in the background by a shell inherits "ignore SIGINT", and so would its kernels.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=end_with_parent, daemon=True).start()
    from jupyterlab.labapp import main

    sys.argv = ["jupyter-lab"]
    sys.exit(main())
