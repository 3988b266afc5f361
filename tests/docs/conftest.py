"""Some pages are compared with what a tool says; the tools are scripts in a folder of their own."""

import sys
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "tools"
# At the end: tools/test.py must not stand before the module of that name in the standard library.
if str(TOOLS) not in sys.path:
    sys.path.append(str(TOOLS))
