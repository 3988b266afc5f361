"""The tools are scripts: they import each other from their own folder, and so do their tests."""

import sys
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "tools"
# At the end: tools/test.py must not stand before the module of that name in the standard library.
sys.path.append(str(TOOLS))
