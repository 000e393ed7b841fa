"""Usage: check_bill.py FILE
Validates a bill of materials against CycloneDX's own schema, strictly, and reads it with CycloneDX's library."""

import json
import sys
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = Path(sys.argv[1]).read_text(encoding="utf-8")
content = json.loads(text)
wrong = JsonStrictValidator(SchemaVersion.from_version(content["specVersion"])).validate_str(text)
if wrong:
    sys.exit(f"{sys.argv[1]}: {wrong}")
bill = Bom.from_json(content)
bill.validate()
print(f"{bill.metadata.component.name}: {len(bill.components)} components")
