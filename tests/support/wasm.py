"""Reading the import and export sections of a WebAssembly module."""

IMPORT_SECTION, EXPORT_SECTION = 2, 7


class _Reader:
    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def number(self) -> int:
        """An unsigned LEB128."""
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
            shift += 7

    def name(self) -> str:
        size = self.number()
        self.at += size
        return self.data[self.at - size:self.at].decode()

    def limits(self) -> None:
        flags = self.number()
        self.number()
        if flags & 1:
            self.number()


def _section(module: bytes, wanted: int) -> _Reader:
    if module[:8] != b"\0asm\x01\0\0\0":
        raise ValueError("this is no WebAssembly module")
    reader = _Reader(module)
    reader.at = 8
    while reader.at < len(module):
        kind, size = reader.number(), reader.number()
        if kind == wanted:
            return _Reader(module[reader.at:reader.at + size])
        reader.at += size
    return _Reader(b"\0")


def imports(module: bytes) -> list[str]:
    """All imports as `module.name`, sorted."""
    reader = _section(module, IMPORT_SECTION)
    found = []
    for _ in range(reader.number()):
        found.append(f"{reader.name()}.{reader.name()}")
        kind = reader.number()
        if kind == 0:  # function: index of its type
            reader.number()
        elif kind == 1:  # table: element type, limits
            reader.number()
            reader.limits()
        elif kind == 2:  # memory
            reader.limits()
        elif kind == 3:  # global: value type, mutability
            reader.number()
            reader.number()
        else:
            raise ValueError(f"unknown kind of import: {kind}")
    return sorted(found)


def exports(module: bytes) -> set[str]:
    """The names of all exports."""
    reader = _section(module, EXPORT_SECTION)
    found = set()
    for _ in range(reader.number()):
        found.add(reader.name())
        reader.number()
        reader.number()
    return found


def custom_sections(module: bytes) -> list[str]:
    """The names of the sections that only tools read."""
    reader, found = _Reader(module), []
    reader.at = 8
    while reader.at < len(module):
        kind, size = reader.number(), reader.number()
        end = reader.at + size
        if kind == 0:
            found.append(reader.name())
        reader.at = end
    return found
