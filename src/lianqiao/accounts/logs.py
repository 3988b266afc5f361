"""What must not stand in a log."""

import logging
import re

SECRET_PATH = re.compile(r"(/links/)[^\s/?#'\"]+")


class WithoutTokens(logging.Filter):
    """The address of a one-time link is its key: a line that names it would open the account to its reader."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if SECRET_PATH.search(message):
            record.msg, record.args = SECRET_PATH.sub(r"\1…", message), ()
        return True
