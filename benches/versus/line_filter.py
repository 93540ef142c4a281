"""What many services have between their output and their logs: a few substitutions, line by line."""

import re
import sys

RULES = [
    (re.compile(rb"Bearer \S+"), b"Bearer [REDACTED]"),
    (re.compile(rb"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), b"[REDACTED]"),
    (re.compile(rb"""(cookie['"]?[:=] ?['"]?)[^'"\r\n]+""", re.IGNORECASE), rb"\1[REDACTED]"),
]

out = sys.stdout.buffer
for line in sys.stdin.buffer:
    for pattern, replacement in RULES:
        line = pattern.sub(replacement, line)
    out.write(line)
