"""Starts JupyterLab for the course and ends it when the terminal that started it is gone.

`lib/lab/jupyter.ts` runs this file and holds its standard input open: the end of that input means
that the parent has ended, however it ended, so the server and its kernels end too.
"""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # A server started in the background by a shell inherits "ignore SIGINT", and so would its kernels.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=end_with_parent, daemon=True).start()
    from jupyterlab.labapp import main

    sys.argv = ["jupyter-lab"]
    sys.exit(main())
