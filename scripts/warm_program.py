#!/usr/bin/env python3
"""Serve `mcescalate` from one process that has loaded it, with a fork for each command.

    warm_program.py FOLDER    write FOLDER/mcescalate, print "ready", serve until stdin ends

A command of a tenth of a second takes two from its start, most of them imports. The program that
is written hands its words, folder, environment and streams to the server; the fork that answers
has them as a process of its own would, so pipes, files and exit codes of a shell work as ever.
"""

import contextlib
import json
import os
import select
import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

STREAMS = ("stdin", "stdout", "stderr")
CLIENT = """\
#!{python} -IS
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
call = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [b"c"], [0, 1, 2])
server.sendall(call)
server.shutdown(socket.SHUT_WR)
code = server.recv(1)
sys.exit(code[0] if code else "warm_program.py ended before the command did")
"""
WARM = (
    "compare july-1914 --without response.gap -n 2 --seed 0",
    "compare july-1914 --set sequence.crises=2 --without response.gap -n 2 --seed 0",
)


def serve(folder: Path) -> None:
    """Answer calls of `folder`/mcescalate until stdin ends; each fork returns its exit code."""
    with socket.socket(socket.AF_UNIX) as listening:
        address = str(folder / "socket")
        listening.bind(address)
        listening.listen()
        client = folder / "mcescalate"
        client.write_text(CLIENT.format(python=sys.executable, address=address), encoding="utf-8")
        client.chmod(0o755)
        main = load()
        print("ready", flush=True)
        forks = set()
        while sys.stdin not in (ready := select.select([listening, sys.stdin], [], [])[0]):
            forks = {fork for fork in forks if os.waitpid(fork, os.WNOHANG) == (0, 0)}
            if listening in ready:
                connection, _ = listening.accept()
                with connection:
                    if not (fork := os.fork()):
                        answer(connection, listening, main)
                    forks.add(fork)
        for fork in forks:
            os.waitpid(fork, 0)


def load() -> Callable[[], int]:
    """The program, after a few commands have brought in modules and kernels."""
    from mcescalate.cli import main

    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(),
    ):
        for line in WARM:
            if main(line.split()):
                raise RuntimeError(f"mcescalate {line}: failed")
    return main


def answer(connection: socket.socket, listening: socket.socket, main: Callable[[], int]) -> None:
    """Run one command as a process of its own, and tell the client its exit code."""
    listening.close()
    words, folder, environment, streams = received(connection)
    process = os.fork()
    if process:
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        with contextlib.suppress(OSError):  # the client was ended
            connection.sendall(bytes([code if code >= 0 else 128 - code]))
        os._exit(0)
    connection.close()
    for place, name in enumerate(STREAMS):
        os.dup2(streams[place], place)
        os.close(streams[place])
        old = getattr(sys, name)
        new = open(  # noqa: SIM115 - it knows, as the old one does not, whether it can be sought
            place, old.mode, encoding=old.encoding, errors=old.errors, closefd=False
        )
        new.reconfigure(line_buffering=new.isatty() or name == "stderr")
        setattr(sys, name, new)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["mcescalate", *words]
    sys.exit(main())


def received(connection: socket.socket) -> tuple[list[str], str, dict[str, str], list[int]]:
    """Words, folder, environment and streams of a command."""
    _, streams, _, _ = socket.recv_fds(connection, 1, len(STREAMS))
    with connection.makefile("rb") as call:
        words, folder, environment = json.load(call)
    return words, folder, environment, streams


if __name__ == "__main__":
    serve(Path(sys.argv[1]).resolve())
