"""docs/reference/commands.md is what the commands say of themselves."""

import command_reference


def test_commands_page_is_what_the_help_says():
    written = command_reference.PAGE.read_text(encoding="utf-8")

    assert written == command_reference.page(), "run .venv/bin/python tools/command_reference.py"
