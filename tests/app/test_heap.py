from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from app.heap import keep_few_heaps

# Nine threads allocate at the same time; glibc then tells its heaps.
_PROGRAM = """
import ctypes, sys, threading
if sys.argv[1] == "few":
    from app.heap import keep_few_heaps
    keep_few_heaps()
libc = ctypes.CDLL(None)
together = threading.Barrier(9)
def allocate():
    together.wait()
    for _ in range(200):
        bytearray(5000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
[thread.start() for thread in threads]
allocate()
[thread.join() for thread in threads]
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(ctypes.c_void_p(out))
"""


def _heaps(how: str) -> int:
    told = subprocess.run([sys.executable, "-c", _PROGRAM, how], capture_output=True, text=True, check=True).stdout
    return told.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps per thread are glibc's")
def test_threads_share_two_heaps():
    assert _heaps("few") <= 2 < _heaps("as usual")


def test_elsewhere_nothing_happens(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    keep_few_heaps()
