"""Says where a cell does not parse. The Deno kernel answers such a cell with an empty error."""

import asyncio
import json
import os
import re

TIMEOUT_S = 5
PLACE = re.compile(r"SyntaxError: ([^\n]+)\n(?:(?!SyntaxError: ).*\n)*?\s+at \S+?:(\d+):(\d+)")


async def explain(code: str) -> str | None:
    """Returns the reason with its line, column and a caret, or None where the cell parses."""
    try:
        process = await asyncio.create_subprocess_exec(
            os.environ.get("TAXI_DENO", "deno"), "lint", "--no-config", "--json", "--ext=ts", "-",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, env={**os.environ, "NO_COLOR": "1"},
        )
    except OSError:
        return None
    try:
        answer = await asyncio.wait_for(process.communicate(code.encode()), TIMEOUT_S)
    except asyncio.TimeoutError:
        process.kill()
        return None
    return describe(code, *(part.decode(errors="replace") for part in answer))


def describe(code: str, stdout: str, stderr: str) -> str | None:
    """Turns what `deno lint --json` wrote into a few lines for a learner."""
    places = [place for text in [*fatal(stdout), stderr] for place in PLACE.findall(text + "\n")]
    if not places:
        return None
    reason, line, column = min(places, key=lambda place: (int(place[1]), int(place[2])))
    lines = code.split("\n")
    source = lines[int(line) - 1] if int(line) <= len(lines) else ""
    margin = f"{line} | "
    caret = " " * (len(margin) + int(column) - 1) + "^"
    return f"line {line}, column {column}: {plain(reason)}\n\n{margin}{source}\n{caret}"


def plain(reason: str) -> str:
    """Says the parser's names in words."""
    return reason.replace("'<eof>'", "the end of the cell")


def fatal(stdout: str) -> list[str]:
    try:
        return [error["message"] for error in json.loads(stdout)["errors"]]
    except (ValueError, KeyError):
        return []
