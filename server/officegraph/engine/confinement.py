"""What a query child may not do: reach the network, start programs, outlive its parent, eat the machine.

Each measure holds alone. Where a platform lacks one, the child is less confined and still ends at its
deadline: without seccomp the number of file descriptors is frozen, so that no socket can be opened;
without ``prctl`` the child ends when its connection closes.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_SECCOMP_RET_ALLOW: Final = 0x7FFF0000
_SECCOMP_RET_ERRNO: Final = 0x00050000

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_NOT_BELOW: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_OFFSET_OF_NUMBER: Final = 0
_OFFSET_OF_ARCHITECTURE: Final = 4
_X32: Final = 0x40000000

_ARCHITECTURES: Final = {
    # machine: (audit architecture, numbers of the system calls)
    "x86_64": (
        0xC000003E,
        {"socket": 41, "connect": 42, "execve": 59, "execveat": 322, "ptrace": 101, "io_uring_setup": 425},
    ),
    "aarch64": (
        0xC00000B7,
        {"socket": 198, "connect": 203, "execve": 221, "execveat": 281, "ptrace": 117, "io_uring_setup": 425},
    ),
}
_NETWORK: Final = ("socket", "connect", "io_uring_setup")
_PROGRAMS: Final = ("execve", "execveat", "ptrace")


def confine(memory: int, *, network: bool = False) -> None:
    """Confine this process for good.

    Args:
        memory: Bytes of address space that it may take beyond what it has.
        network: Whether it may reach the network.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit_memory(memory)
    die_with_parent()
    if network:
        forbid(_PROGRAMS)
    elif not forbid(_NETWORK + _PROGRAMS):
        freeze_descriptors()


def limit_memory(memory: int) -> None:
    """Let the address space grow by ``memory`` bytes and no more."""
    taken = address_space()
    if taken is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = taken + memory
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def address_space() -> int | None:
    """Return the bytes of address space of this process, if the platform says."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return None
    return pages * resource.getpagesize()


def die_with_parent() -> bool:
    """Have the kernel kill this process when its parent ends; return whether it will."""
    return _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def forbid_network() -> bool:
    """Refuse new sockets, connections and programs to this process; return whether it is so.

    Files stay readable, which a store on disk needs.
    """
    return forbid(_NETWORK + _PROGRAMS)


def forbid(calls: tuple[str, ...]) -> bool:
    """Refuse system ``calls`` to this process by a filter of seccomp(2); return whether it is so."""
    if sys.platform != "linux" or platform.machine() not in _ARCHITECTURES:
        return False
    architecture, numbers = _ARCHITECTURES[platform.machine()]
    program = _filter(architecture, tuple(numbers[call] for call in calls))
    code = ctypes.create_string_buffer(program, len(program))

    class SocketFilterProgram(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    description = SocketFilterProgram(len(program) // 8, ctypes.addressof(code))
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1) and _prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(description)
    )


def _filter(architecture: int, forbidden: tuple[int, ...]) -> bytes:
    """Return the classic BPF program that answers the system calls ``forbidden`` with EACCES."""

    def instruction(code: int, if_true: int, if_false: int, operand: int) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, operand)

    count = len(forbidden)
    return b"".join(
        [
            instruction(_LOAD, 0, 0, _OFFSET_OF_ARCHITECTURE),
            instruction(_JUMP_EQUAL, 0, count + 3, architecture),
            instruction(_LOAD, 0, 0, _OFFSET_OF_NUMBER),
            instruction(_JUMP_NOT_BELOW, count + 1, 0, _X32),
            *(instruction(_JUMP_EQUAL, count - index, 0, number) for index, number in enumerate(forbidden)),
            instruction(_RETURN, 0, 0, _SECCOMP_RET_ALLOW),
            instruction(_RETURN, 0, 0, _SECCOMP_RET_ERRNO | errno.EACCES),
        ]
    )


def freeze_descriptors() -> None:
    """Leave no number free for a new file descriptor, so that no socket can be opened."""
    filler = os.open(os.devnull, os.O_RDONLY)
    highest = filler
    with contextlib.suppress(OSError):
        highest = max(highest, *(int(entry.name) for entry in Path("/dev/fd").iterdir()))
    while filler < highest:
        filler = os.dup(filler)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (filler + 1, filler + 1))


def _prctl(option: int, *arguments: int) -> bool:
    """Call prctl(2); return whether it succeeded."""
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    return bool(library.prctl(ctypes.c_int(option), *padded) == 0)
