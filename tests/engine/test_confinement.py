import subprocess
import sys
import textwrap

import pytest

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="seccomp and /proc are of Linux")


def run(program):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False, timeout=30
    )


CALL_OUT = """
    import pyoxigraph, socket
    def refused(call):
        try:
            call()
        except OSError as error:
            return True
        return False
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    store = pyoxigraph.Store()
    store.query("ASK {}")
    {confine}
    assert refused(lambda: socket.socket(socket.AF_INET))
    assert refused(lambda: socket.socket(socket.AF_INET6))
    assert refused(lambda: socket.socket(socket.AF_UNIX))
    assert refused(lambda: list(store.query(f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}")))
    assert len(list(store.query(f"SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}"))) == 1
    listener.settimeout(0.2)
    assert refused(listener.accept)
"""


@LINUX
@pytest.mark.parametrize(
    "confine",
    [
        "from officegraph.engine.confinement import forbid_network; assert forbid_network()",
        "from officegraph.engine.confinement import freeze_descriptors; freeze_descriptors()",
    ],
    ids=["seccomp", "frozen descriptors"],
)
def test_nothing_calls_out(confine):
    process = run(CALL_OUT.replace("{confine}", confine))
    assert process.returncode == 0, process.stderr


@LINUX
def test_no_program_is_started():
    process = run(
        """
        import os
        from officegraph.engine.confinement import forbid_network
        assert forbid_network()
        os.execv("/bin/true", ["true"])
        """
    )
    assert "PermissionError" in process.stderr


@LINUX
def test_files_stay_readable(tmp_path):
    (tmp_path / "file").write_text("text")
    process = run(
        f"""
        from officegraph.engine.confinement import forbid_network
        assert forbid_network()
        print(open({str(tmp_path / "file")!r}).read())
        """
    )
    assert process.stdout == "text\n"


@LINUX
def test_memory_is_limited_to_what_is_taken_and_a_budget():
    process = run(
        """
        from officegraph.engine.confinement import limit_memory
        limit_memory(64 * 2**20)
        small = bytearray(32 * 2**20)
        try:
            bytearray(96 * 2**20)
        except MemoryError:
            print("refused")
        """
    )
    assert process.stdout == "refused\n"


@LINUX
def test_with_a_network_still_no_program_is_started():
    process = run(
        """
        import os, socket
        from officegraph.engine.confinement import confine
        confine(64 * 2**20, network=True)
        socket.socket().close()
        print("reached", flush=True)
        os.execv("/bin/true", ["true"])
        """
    )
    assert process.stdout == "reached\n"
    assert "PermissionError" in process.stderr
