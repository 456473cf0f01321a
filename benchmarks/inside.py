"""Questions to the blog's own code: each answer is given by a process of its own.

`ask` runs in the suite; what it names runs where Django is set up.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.site import manage

CODE = """
import json, sys
from importlib import import_module
answer = import_module({module!r}).{name}(*{arguments!r})
sys.stdout.write(json.dumps(answer))
"""


def ask(data: Path, module: str, name: str, *arguments: object) -> Any:
    """What the function answers, with the blog on `data`."""
    code = CODE.format(module=module, name=name, arguments=arguments)
    return json.loads(manage(data, "shell", "--no-imports", "-c", code))
