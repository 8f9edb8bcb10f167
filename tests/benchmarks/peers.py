"""The servers that are measured side by side, each on the loopback interface, over the same data."""

from __future__ import annotations

import contextlib
import http.client
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from benchmarks import generator, processes
from benchmarks.load import UNIQUE, Request, fetch

MEDIA_TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "html": "text/html",
}
"""Formats of documents that are measured, by file ending."""

OURS = "officegraph"
NGINX = "nginx"
MEMORY = "oxigraph, memory"
DISK = "oxigraph, RocksDB"
RDFLIB = "rdflib-endpoint"
COMUNICA = "Comunica"
VIRTUOSO = "Virtuoso"
BARE = "granian, bare function"

LARGEST_FOR_RDFLIB = 20_000
"""Concepts above which rdflib takes minutes to load the data, and Comunica likewise."""


@dataclass
class Peer:
    """A server that runs.

    Attributes:
        name: What it is called in the tables.
        port: Its port.
        process: Its root process.
        sparql: Path of its SPARQL endpoint, if it has one.
        documents: Whether it serves documents at the paths of the resources.
        started: Seconds from start to the first answer.
        size: Megabytes of memory after that.
    """

    name: str
    port: int
    process: subprocess.Popen[bytes]
    sparql: str | None = None
    documents: bool = False
    started: float = 0.0
    size: float = field(default=0.0)

    def query(self, text: str, accept: str, *, unique: bool = False) -> Request | None:
        """Return the request for the answer to a query; ``unique`` makes each sending a new query."""
        if self.sparql is None:
            return None
        ending = f"%0A%23{UNIQUE}" if unique else ""
        return Request(f"{self.sparql}?query={quote(text, safe='')}{ending}", {"Accept": accept})

    def document(self, concept: int, extension: str) -> Request | None:
        """Return the request for the document about a concept."""
        path = f"/concept/c{concept}"
        if self.name == OURS:
            return Request(f"{path}.{extension}")
        accept = MEDIA_TYPES[extension]
        if self.documents:
            return Request(path, {"Accept": accept})
        if extension == "html":
            return None
        return self.query(f"DESCRIBE <{generator.concept_iri(concept)}>", accept)

    def redirect(self, concept: int) -> Request | None:
        """Return the request for a resource, to be answered 303."""
        if not self.documents:
            return None
        path = f"/concept/c{concept}" if self.name == OURS else f"/thing/c{concept}"
        return Request(path, {"Accept": "text/turtle"})


class AbsentError(Exception):
    """A peer is not installed or not fit for the data; the message says why."""


def program(name: str) -> str:
    """Return the path of an installed program: beside this Python, in ``BENCHMARK_PATH`` or in ``PATH``.

    Raises:
        AbsentError: There is none.
    """
    places = [str(Path(sys.executable).parent), os.environ.get("BENCHMARK_PATH", ""), os.environ.get("PATH", "")]
    found = shutil.which(name, path=os.pathsep.join(filter(None, [*places, "/usr/sbin"])))
    if found is None:
        raise AbsentError(f"{name} is not installed")
    return found


@dataclass
class Material:
    """What the servers publish, in every shape that one of them needs.

    Attributes:
        folder: Where servers may put files of their own.
        release: Our release.
        dump: Its default graph as N-Triples, which the stores load.
        files: Folder of static files, the documents of the release.
        size: Number of concepts.
        workers: Processes, or threads, that answer HTTP.
    """

    folder: Path
    release: Path
    dump: Path
    files: Path
    size: int
    workers: int


@contextlib.contextmanager
def running(
    name: str,
    command: list[str],
    port: int,
    folder: Path,
    *,
    ready: str = "/",
    environment: Mapping[str, str] | None = None,
    prepare: Callable[[], None] | None = None,
    **facts: object,
) -> Iterator[Peer]:
    """Run a server until the context ends.

    Raises:
        RuntimeError: It ended, or gave no answer within five minutes.
    """
    log = folder / f"{name.replace(', ', '-').replace(' ', '-')}.log"
    begin = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=folder, env={**os.environ, **(environment or {})}
        )
    try:
        while time.monotonic() - begin < 300:
            if process.poll() is not None:
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                if fetch(port, Request(ready))[0] < 400:
                    break
            time.sleep(0.005)
        else:
            raise RuntimeError(f"{name} gives no answer; see {log}")
        if process.poll() is not None:
            raise RuntimeError(f"{name} has ended: {log.read_text(errors='replace')[-500:]}")
        peer = Peer(name, port, process, started=time.monotonic() - begin, **facts)  # type: ignore[arg-type]
        if prepare is not None:
            prepare()
        yield peer
    finally:
        processes.stop(process)


def ours(material: Material, *options: str) -> contextlib.AbstractContextManager[Peer]:
    """Run our server over the release, with more ``options`` if there are any."""
    port = processes.free_port()
    command = [
        sys.executable, "-c", "from officegraph.cli import main; main()", "serve", "--release", str(material.release),
        "--port", str(port), "--workers", str(material.workers), *options,
    ]  # fmt: skip
    return running(OURS, command, port, material.folder, ready="/concept/c0.ttl", sparql="/sparql", documents=True)


def nginx(material: Material) -> contextlib.AbstractContextManager[Peer]:
    """Run nginx over static files, the format chosen by ``Accept``."""
    command = [program("nginx"), "-c", "nginx.conf", "-p"]
    port = processes.free_port()
    folder = material.folder / "nginx"
    (folder / "temporary").mkdir(parents=True, exist_ok=True)
    endings = "\n".join(f'"~{media_type}" .{ending};' for ending, media_type in MEDIA_TYPES.items())
    types = "\n".join(f"{media_type} {ending};" for ending, media_type in MEDIA_TYPES.items())
    paths = "".join(
        f"{kind}_temp_path {folder}/temporary;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Its workers give up the rights of root, and with them those to the files, unless told otherwise.
    user = "user root;" if os.geteuid() == 0 else ""
    # It keeps as many files open as it may: opening one is what an answer costs most.
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1] // 2
    (folder / "nginx.conf").write_text(
        f"""
        {user} daemon off; worker_processes {material.workers}; worker_rlimit_nofile {2 * files};
        pid {folder}/pid; error_log stderr error;
        events {{ worker_connections 1024; }}
        http {{
          {paths} access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
          open_file_cache max={files} inactive=600s; open_file_cache_valid 600s;
          types {{ {types} }} default_type application/octet-stream; charset utf-8; charset_types text/turtle;
          map $http_accept $ending {{ default .ttl; {endings} }}
          server {{
            listen 127.0.0.1:{port}; root {material.files};
            add_header Vary Accept; add_header Access-Control-Allow-Origin *;
            location /concept/ {{ try_files $uri$ending =404; }}
            location ~ ^/thing/(?<name>.*)$ {{ return 303 /concept/$name$ending; }}
            location /dumps/ {{ alias {material.release}/dumps/; }}
          }}
        }}
        """,
        encoding="utf-8",
    )
    return running(NGINX, [*command, str(folder)], port, folder, ready="/concept/c0", documents=True)


def memory_store(material: Material) -> contextlib.AbstractContextManager[Peer]:
    """Run oxigraph over its store in memory."""
    port = processes.free_port()

    def fill() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        with material.dump.open("rb") as file:
            length = str(material.dump.stat().st_size)
            headers = {"Content-Type": "application/n-triples", "Content-Length": length}
            connection.request("PUT", "/store?default", body=file, headers=headers)
            status = connection.getresponse().status
        connection.close()
        if status >= 400:
            raise RuntimeError(f"oxigraph refuses the data with {status}")

    command = [program("oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"]
    return running(MEMORY, command, port, material.folder, prepare=fill, sparql="/query")


def disk_store(material: Material) -> contextlib.AbstractContextManager[Peer]:
    """Run oxigraph over its store on disk, optimized and read only."""
    oxigraph = program("oxigraph")
    location = material.folder / "oxigraph"
    if not location.exists():
        for arguments in (["load", "--location", location, "--file", material.dump], ["optimize", "-l", location]):
            subprocess.run([oxigraph, *map(str, arguments)], check=True, capture_output=True, timeout=1800)
    port = processes.free_port()
    command = [oxigraph, "serve-read-only", "--location", str(location), "--bind", f"127.0.0.1:{port}"]
    return running(DISK, command, port, material.folder, sparql="/query")


def rdflib_endpoint(material: Material) -> contextlib.AbstractContextManager[Peer]:
    """Run rdflib-endpoint over rdflib's store in memory."""
    if material.size > LARGEST_FOR_RDFLIB:
        raise AbsentError(f"rdflib takes minutes to load more than {LARGEST_FOR_RDFLIB:,} concepts")
    port = processes.free_port()
    command = [program("rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), str(material.dump)]
    return running(RDFLIB, command, port, material.folder, ready="/?query=ASK%7B%7D", sparql="/")


def comunica(material: Material) -> contextlib.AbstractContextManager[Peer]:
    """Run Comunica over the file, which it reads into its own store with the first query."""
    if material.size > LARGEST_FOR_RDFLIB:
        raise AbsentError(f"Comunica takes minutes to load more than {LARGEST_FOR_RDFLIB:,} concepts")
    port = processes.free_port()
    command = [program("comunica-sparql-file-http"), "-p", str(port), "-w", "1", "-t", "120", str(material.dump)]
    ready = f"/sparql?query={quote('ASK { ?s ?p ?o }')}"
    return running(COMUNICA, command, port, material.folder, ready=ready, sparql="/sparql")


def virtuoso(material: Material) -> contextlib.AbstractContextManager[Peer]:
    """Run Virtuoso over a database of its own, filled with the file."""
    server, client = program("virtuoso-t"), program("isql-vt")
    folder = material.folder / "virtuoso"
    folder.mkdir(exist_ok=True)
    port, sql_port = processes.free_port(), processes.free_port()
    (folder / "virtuoso.ini").write_text(
        f"""
        [Database]
        DatabaseFile = {folder}/virtuoso.db
        ErrorLogFile = {folder}/virtuoso.log
        LockFile = {folder}/virtuoso.lck
        TransactionFile = {folder}/virtuoso.trx
        xa_persistent_file = {folder}/virtuoso.pxa
        [TempDatabase]
        DatabaseFile = {folder}/temporary.db
        TransactionFile = {folder}/temporary.trx
        [Parameters]
        ServerPort = 127.0.0.1:{sql_port}
        ServerThreads = 64
        NumberOfBuffers = 170000
        MaxDirtyBuffers = 130000
        DirsAllowed = {material.dump.parent}
        [HTTPServer]
        ServerPort = 127.0.0.1:{port}
        ServerThreads = 64
        [SPARQL]
        ResultSetMaxRows = 100000
        DefaultGraph = {generator.BASE}
        """.replace("        ", ""),
        encoding="utf-8",
    )

    def fill() -> None:
        path = str(material.dump).replace("'", "''")
        said = subprocess.run(
            [client, f"127.0.0.1:{sql_port}", "dba", "dba",
             f"exec=DB.DBA.TTLP_MT(file_to_string_output('{path}'), '', '{generator.BASE}'); checkpoint;"],
            capture_output=True, text=True, check=True, timeout=1800,
        )  # fmt: skip
        if "Error" in said.stderr:
            raise RuntimeError(f"Virtuoso refuses the data: {said.stderr[-300:]}")

    command = [server, "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    new = not (folder / "virtuoso.db").exists()
    ready = f"/sparql?query={quote('ASK { ?s ?p ?o }')}"
    return running(VIRTUOSO, command, port, folder, ready=ready, sparql="/sparql", prepare=fill if new else None)


def bare(material: Material) -> contextlib.AbstractContextManager[Peer]:
    """Run a function that answers 1.1 kB to everything, in our server's server: the floor of any WSGI answer."""
    port = processes.free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(material.workers), "--blocking-threads", "2", "--no-ws", "--log-level", "warning",
        "benchmarks.bare:application",
    ]  # fmt: skip
    environment = {"PYTHONPATH": str(Path(__file__).parents[1])}
    return running(BARE, command, port, material.folder, environment=environment)


STARTERS: dict[str, Callable[[Material], contextlib.AbstractContextManager[Peer]]] = {
    OURS: ours,
    NGINX: nginx,
    MEMORY: memory_store,
    DISK: disk_store,
    RDFLIB: rdflib_endpoint,
    COMUNICA: comunica,
    VIRTUOSO: virtuoso,
    BARE: bare,
}
"""How each peer is started."""
