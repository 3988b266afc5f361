"""docs/reference/commands.md is what the commands say of themselves."""

import command_reference
from django.utils import translation


def test_commands_page_is_what_the_help_says():
    written = command_reference.PAGE.read_text(encoding="utf-8")
    with translation.override("en"):  # the console script turns the whole process to English
        says = command_reference.page()

    assert written == says, "run .venv/bin/python tools/command_reference.py"
