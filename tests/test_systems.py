"""Systems other than Linux: what only Unix has is never taken for granted."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mcescalate

PACKAGE = Path(mcescalate.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
CONFIGS = Path(__file__).resolve().parents[1] / "configs"

MODULES = {"resource", "fcntl", "termios", "tty", "pty", "pwd", "grp", "posix", "syslog", "curses"}
NAMES = {
    module: set(names.split())
    for module, names in {
        "os": """
            getuid geteuid getgid getegid getgroups getpgid getpgrp getsid setsid setuid setgid
            setpgid sysconf confstr pathconf fpathconf statvfs fstatvfs fork forkpty killpg nice
            getloadavg mkfifo mknod chown lchown fchown fchmod chroot getpriority setpriority
            sched_getaffinity sched_setaffinity sched_yield sync fdatasync pread pwrite preadv
            pwritev sendfile openpty ttyname ctermid uname wait wait3 wait4 waitid WIFEXITED
            WEXITSTATUS WIFSIGNALED WTERMSIG posix_fadvise posix_fallocate posix_spawn
            memfd_create pipe2 register_at_fork O_NONBLOCK O_CLOEXEC O_NOFOLLOW O_DIRECTORY
            O_SYNC O_DSYNC O_NOCTTY O_TMPFILE O_PATH
        """,
        "signal": """
            SIGHUP SIGKILL SIGQUIT SIGPIPE SIGALRM SIGUSR1 SIGUSR2 SIGCHLD SIGCONT SIGSTOP
            SIGTSTP SIGTTIN SIGTTOU SIGXCPU SIGXFSZ SIGWINCH alarm setitimer getitimer pause
            pthread_kill pthread_sigmask sigpending sigwait sigwaitinfo sigtimedwait
            siginterrupt
        """,
        "time": "tzset clock_gettime clock_gettime_ns pthread_getcpuclockid",
        "select": "poll epoll kqueue",
        "socket": "AF_UNIX",
    }.items()
}
"""By module, what Windows lacks."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_windows_lacks_is_looked_for_first(path):
    """`os.getuid` in a function that does not ask `hasattr(os, "getuid")`, say."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
        asked = {node.value for node in ast.walk(scope) if isinstance(node, ast.Constant)}
        for node in own_nodes(scope):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                unix_only = node.attr in NAMES.get(node.value.id, ())
                assert not unix_only or node.attr in asked, f"{path}:{node.lineno}: {node.attr}"
            if isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names}
                assert not names & NAMES.get(node.module or "", set()), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_that_windows_lacks_may_be_absent(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tried = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and "ImportError" in ast.unparse(node)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            modules = {*names} if isinstance(node, ast.Import) else {node.module}
            assert node in tried or not modules & MODULES, f"{path}:{node.lineno}"


def own_nodes(scope):
    """The nodes of a module or function that are in none of the functions within it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting += ast.iter_child_nodes(node)


WITHOUT_UNIX = """
import sys
import dask, h5netcdf, h5py, numba, pydantic, rich, scipy, xarray  # these may use what they find
import multiprocessing.connection, subprocess, tempfile
import os, select, signal, socket, time
for module, names in {names!r}.items():
    for name in names:
        if hasattr(sys.modules[module], name) and (module, name) not in {kept!r}:
            delattr(sys.modules[module], name)
for module in {modules!r}:
    sys.modules[module] = None
sys.argv = ["mcescalate"]
from mcescalate.cli import main
codes = [main(words) for words in {commands!r}]
from mcescalate.engine.code_folder import code_folder
assert str(code_folder()).startswith({cache!r})
sys.exit(max(codes))
"""


def test_the_package_works_without_what_windows_lacks(tmp_path):
    """Run, read, merge and keep compiled code, with what Unix alone has taken away."""
    scenario = str(CONFIGS.parent / "docs" / "examples" / "triad.toml")
    one, other = str(tmp_path / "one.h5"), str(tmp_path / "other.h5")
    simulate = ["run", scenario, "-n", "50", "--seed", "1", "--backend", "python"]
    commands = [
        ["info"],
        ["check", scenario],
        [*simulate, "-o", one],
        [*simulate, "--first-chain", "50", "-o", other],
        ["merge", one, other, "-o", str(tmp_path / "both.h5")],
        ["show", one],
    ]
    # Python itself, below threads and imports, goes on using these.
    kept = {("time", "clock_gettime"), ("os", "register_at_fork"), ("os", "statvfs")}
    script = WITHOUT_UNIX.format(
        names=NAMES, modules=MODULES, kept=kept, commands=commands, cache=str(tmp_path)
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "NUMBA_CACHE_DIR": ""},
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
