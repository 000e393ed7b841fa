"""A host for a Proxy-Wasm filter, with one stream at a time: what Envoy would answer, in as far as a filter of requests
asks. It counts the fuel of each callback: wasmtime takes one unit for nearly every instruction."""

import functools
import struct
from pathlib import Path

import wasmtime

OK, NOT_FOUND, BAD_ARGUMENT, CAS_MISMATCH, UNIMPLEMENTED = 0, 1, 2, 8, 12
ENOSYS = 52
CONTINUE = 0
REQUEST_BODY, PLUGIN_CONFIGURATION = 0, 7
REQUEST_HEADERS, RESPONSE_HEADERS = 0, 2
ROOT = 1
LIMIT = 1 << 62
PIECE = 64 << 10
"""Envoy hands a large body over as it comes."""


class Exit(Exception):
    """The filter ended its process."""


class Answered(Exception):
    """The filter answered the request by itself."""

    def __init__(self, status: int, body: bytes):
        super().__init__(f"{status}: {body!r}")
        self.status, self.body = status, body


@functools.cache
def _compiled(module: Path) -> tuple[wasmtime.Engine, wasmtime.Module]:
    settings = wasmtime.Config()
    settings.consume_fuel = True
    # Compiling would take longer than all that is counted. Fuel is that of the module's own instructions.
    settings.cranelift_opt_level = "none"
    engine = wasmtime.Engine(settings)
    return engine, wasmtime.Module.from_file(engine, str(module))


class Host:
    """A filter in its machine. `fuel` is what each callback of the last request took, by name."""

    def __init__(self, module: Path, configuration: bytes):
        engine, code = _compiled(module)
        self._store = wasmtime.Store(engine)
        self._store.set_fuel(LIMIT)
        linker = wasmtime.Linker(engine)
        for one in code.imports:
            linker.define_func(one.module, one.name, one.type, self._function(one), access_caller=True)
        self._exports = linker.instantiate(self._store, code).exports(self._store)
        self.buffers = {PLUGIN_CONFIGURATION: configuration}
        self.headers: dict[int, list[tuple[bytes, bytes]]] = {}
        self.properties: dict[bytes, bytes] = {}
        self.metrics: dict[int, int] = {}
        self.defined: list[bytes] = []
        """Names of metrics, as often as they were defined. Envoy keeps something of each time."""
        self.route_cleared = 0
        self.local_response: tuple[int, bytes] | None = None
        self.log: list[str] = []
        self.fuel: dict[str, int] = {}
        self._shared: dict[bytes, tuple[bytes, int]] = {}
        self._names: dict[bytes, int] = {}
        self._time = 1_700_000_000_000_000_000
        self._stream = ROOT
        self._call("_initialize")
        self._call("proxy_on_context_create", ROOT, 0)
        if not self._call("proxy_on_vm_start", ROOT, 0):
            raise ValueError(f"the filter does not start: {self.log}")
        self.configure(configuration)
        self.configured_fuel = self.fuel.pop("proxy_on_configure")

    # What Envoy does

    def configure(self, configuration: bytes) -> None:
        """Hands over a configuration, the first or another one; ValueError if the filter refuses it."""
        self.buffers[PLUGIN_CONFIGURATION] = configuration
        if not self._call("proxy_on_configure", ROOT, len(configuration)):
            raise ValueError(f"the filter refuses its configuration: {self.log}")

    def request(self, path: str, body: bytes, answer: list[tuple[bytes, bytes]]) -> bytes:
        """A POST from its first callback to its last; returns the body that goes upstream, or raises Answered."""
        self.fuel = {}
        self._stream += 1
        stream = self._stream
        self.local_response = None
        self.route_cleared = 0
        self.properties = {}
        self.headers = {
            REQUEST_HEADERS: [(b":method", b"POST"), (b":path", path.encode()), (b":authority", b"127.0.0.1:10000"),
                              (b":scheme", b"http"), (b"content-type", b"application/json"),
                              (b"content-length", str(len(body)).encode()), (b"user-agent", b"bench"),
                              (b"accept", b"application/json"), (b"x-forwarded-proto", b"http"),
                              (b"x-request-id", b"3f1c9f6e-0000-4000-8000-000000000001")],
            RESPONSE_HEADERS: answer}
        self._call("proxy_on_context_create", stream, ROOT)
        self._call("proxy_on_request_headers", stream, len(self.headers[REQUEST_HEADERS]), 0)
        upstream, held = b"", b""
        for begin in range(0, len(body), PIECE):
            held += body[begin:begin + PIECE]
            last = begin + PIECE >= len(body)
            self.buffers[REQUEST_BODY] = held
            goes_on = self._call("proxy_on_request_body", stream, len(held), int(last)) == CONTINUE
            # The filter may have changed what it keeps.
            held = self.buffers[REQUEST_BODY]
            if goes_on:
                upstream, held = upstream + held, b""
        if self.local_response:
            self._call("proxy_on_delete", stream)
            raise Answered(*self.local_response)
        if held:
            raise ValueError("the filter keeps the request")
        self._call("proxy_on_response_headers", stream, len(answer), 0)
        self._call("proxy_on_delete", stream)
        return upstream

    def header(self, kind: int, name: bytes) -> bytes | None:
        """The value of a header, as the filter left it."""
        return next((value for key, value in self.headers[kind] if key == name), None)

    def _call(self, name: str, *arguments: int):
        if name not in self._exports:
            return None
        before = self._store.get_fuel()
        answer = self._exports[name](self._store, *arguments)
        self.fuel[name] = self.fuel.get(name, 0) + before - self._store.get_fuel()
        return answer

    # What the filter asks for

    def _function(self, one: wasmtime.ImportType):
        implemented = getattr(self, f"_{one.name}", None)
        refusal = [UNIMPLEMENTED if one.module == "env" else ENOSYS] if one.type.results else []

        def called(caller: wasmtime.Caller, *arguments: int):
            if implemented is None:
                return refusal[0] if refusal else None
            return implemented(_Memory(caller), *arguments)
        return called

    def _proxy_log(self, memory, level, data, size):
        self.log.append(memory.read(data, size).decode())
        return OK

    def _proxy_get_buffer_bytes(self, memory, kind, start, most, data, size):
        if kind not in self.buffers:
            return NOT_FOUND
        start, most = start & 0xFFFFFFFF, most & 0xFFFFFFFF
        return memory.give(self.buffers[kind][start:start + most], data, size)

    def _proxy_set_buffer_bytes(self, memory, kind, start, length, data, size):
        if kind not in self.buffers:
            return NOT_FOUND
        old = self.buffers[kind]
        if 0 < start & 0xFFFFFFFF < len(old):
            return BAD_ARGUMENT  # Envoy changes a buffer at its ends only.
        start, end = start & 0xFFFFFFFF, (start & 0xFFFFFFFF) + (length & 0xFFFFFFFF)
        self.buffers[kind] = old[:start] + memory.read(data, size) + old[end:]
        return OK

    def _proxy_get_header_map_pairs(self, memory, kind, data, size):
        pairs = self.headers.get(kind, [])
        lengths = b"".join(struct.pack("<II", len(key), len(value)) for key, value in pairs)
        texts = b"".join(key + b"\0" + value + b"\0" for key, value in pairs)
        return memory.give(struct.pack("<I", len(pairs)) + lengths + texts, data, size)

    def _proxy_get_header_map_value(self, memory, kind, key, key_size, data, size):
        value = self.header(kind, memory.read(key, key_size))
        return NOT_FOUND if value is None else memory.give(value, data, size)

    def _proxy_replace_header_map_value(self, memory, kind, key, key_size, value, value_size):
        self._proxy_remove_header_map_value(memory, kind, key, key_size)
        self.headers[kind].append((memory.read(key, key_size), memory.read(value, value_size)))
        return OK

    _proxy_add_header_map_value = _proxy_replace_header_map_value

    def _proxy_remove_header_map_value(self, memory, kind, key, key_size):
        name = memory.read(key, key_size)
        self.headers[kind] = [(key, value) for key, value in self.headers[kind] if key != name]
        return OK

    def _proxy_get_property(self, memory, path, path_size, data, size):
        value = self.properties.get(memory.read(path, path_size))
        return NOT_FOUND if value is None else memory.give(value, data, size)

    def _proxy_set_property(self, memory, path, path_size, value, value_size):
        self.properties[memory.read(path, path_size)] = memory.read(value, value_size)
        return OK

    def _proxy_send_local_response(self, memory, status, details, details_size, body, body_size, *_rest):
        self.local_response = status, memory.read(body, body_size)
        return OK

    def _proxy_call_foreign_function(self, memory, name, name_size, _arguments, _arguments_size, data, size):
        if memory.read(name, name_size) != b"clear_route_cache":
            return NOT_FOUND
        self.route_cleared += 1
        return OK

    def _proxy_define_metric(self, memory, _kind, name, name_size, identity):
        self.defined.append(memory.read(name, name_size))
        number = self._names.setdefault(self.defined[-1], len(self._names) + 1)
        self.metrics.setdefault(number, 0)
        memory.write(identity, struct.pack("<I", number))
        return OK

    def _proxy_increment_metric(self, _memory, identity, offset):
        if identity not in self.metrics:
            return NOT_FOUND
        self.metrics[identity] += offset
        return OK

    def _proxy_record_metric(self, _memory, identity, value):
        if identity not in self.metrics:
            return NOT_FOUND
        self.metrics[identity] = value
        return OK

    def metric(self, name: bytes) -> int | None:
        """A metric's value; None if the filter has not defined it."""
        return self.metrics.get(self._names.get(name, 0))

    def _proxy_get_shared_data(self, memory, key, key_size, data, size, version):
        if not (found := self._shared.get(memory.read(key, key_size))):
            return NOT_FOUND
        memory.write(version, struct.pack("<I", found[1]))
        return memory.give(found[0], data, size)

    def _proxy_set_shared_data(self, memory, key, key_size, data, size, version):
        name = memory.read(key, key_size)
        now = self._shared.get(name, (b"", 0))[1]
        if version and version != now:
            return CAS_MISMATCH
        self._shared[name] = memory.read(data, size), now + 1
        return OK

    def _clock_time_get(self, memory, _clock, _precision, time):
        self._time += 1_000
        memory.write(time, struct.pack("<Q", self._time))
        return OK

    def _proxy_set_tick_period_milliseconds(self, _memory, _period):
        return OK

    def _proxy_set_effective_context(self, _memory, _context):
        return OK

    # WASI: no environment, and the same random numbers each time, so that the same work takes the same fuel

    def _environ_sizes_get(self, memory, count, size):
        memory.write(count, struct.pack("<I", 0))
        memory.write(size, struct.pack("<I", 0))
        return OK

    def _environ_get(self, _memory, _pointers, _texts):
        return OK

    def _random_get(self, memory, data, size):
        memory.write(data, bytes(index * 37 + 11 & 0xFF for index in range(size)))
        return OK

    def _fd_write(self, memory, _file, vectors, count, written):
        total = 0
        for index in range(count):
            data, size = struct.unpack("<II", memory.read(vectors + 8 * index, 8))
            self.log.append(memory.read(data, size).decode())
            total += size
        memory.write(written, struct.pack("<I", total))
        return OK

    def _proc_exit(self, _memory, code):
        raise Exit(f"exit code {code}: {self.log}")


class _Memory:
    """The filter's memory, during one call."""

    def __init__(self, caller: wasmtime.Caller):
        self._caller = caller
        self._memory = caller["memory"]

    def read(self, data: int, size: int) -> bytes:
        """A copy of so many bytes."""
        data &= 0xFFFFFFFF
        return bytes(self._memory.read(self._caller, data, data + size))

    def write(self, data: int, value: bytes) -> None:
        """Replaces what stands there."""
        self._memory.write(self._caller, value, data & 0xFFFFFFFF)

    def give(self, value: bytes, data: int, size: int) -> int:
        """Hands bytes over, in memory that the filter allocates."""
        place = self._caller["proxy_on_memory_allocate"](self._caller, len(value)) if value else 0
        if value:
            self.write(place, value)
        self.write(data, struct.pack("<I", place & 0xFFFFFFFF))
        self.write(size, struct.pack("<I", len(value)))
        return OK
