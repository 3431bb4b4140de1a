"""The threads of a worker share one heap."""

import os
import platform
import subprocess
import sys

import pytest

THREADS = """
import ctypes, threading
from serving.runtime.memory import use_one_heap
{call}
barrier = threading.Barrier(8)
def work():
    blocks = [bytes(600) for _ in range(1000)]
    barrier.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
"""


def heaps(call: str, **environment: str) -> int:
    """How many heaps eight threads of a new process have after a call."""
    inherited = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", THREADS.format(call=call)],
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs the GNU C library")
def test_threads_share_a_heap_unless_set_otherwise_from_outside() -> None:
    assert heaps("use_one_heap()") == 1
    assert heaps("") > 1
    assert heaps("use_one_heap()", MALLOC_ARENA_MAX="4") > 1
