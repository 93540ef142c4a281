"""Types into a shell that completes, on a terminal, and prints what came of each line: drive.py SHELL BIN.

Each line of standard input is typed, then Tab; then the line is made an argument of echo.
"""

import os
import pty
import select
import subprocess
import sys
import tempfile

shell, binary = sys.argv[1:]
PATIENCE = 20

START = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        'PS1="READY> "; bind "set enable-bracketed-paste off"; source <(blackbar completions bash)',
    ),
    # As a package has it: the script is found by its name, and loaded when it is first needed.
    "zsh": (
        ["zsh", "-f", "-i"],
        'PS1="READY> "; unsetopt zle_bracketed_paste; mkdir -p $ZDOTDIR/functions; '
        "blackbar completions zsh >$ZDOTDIR/functions/_blackbar; fpath=($ZDOTDIR/functions $fpath); "
        "autoload -Uz compinit; compinit -u -d $ZDOTDIR/dump; bindkey -e",
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        'function fish_prompt; echo "READY> "; end; function fish_greeting; end; blackbar completions fish | source',
    ),
}


class Shell:
    def __init__(self):
        command, setup = START[shell]
        self.terminal, slave = pty.openpty()
        directory = tempfile.mkdtemp()
        env = dict(os.environ, PATH=f"{binary}:{os.environ['PATH']}", TERM="dumb", HOME=directory, ZDOTDIR=directory)
        env.pop("BASH_ENV", None)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True,
            preexec_fn=lambda: __import__("fcntl").ioctl(0, 0x540E, 0),
        )
        os.close(slave)
        self.seen = b""
        self.quiet()
        self.type(setup + "\r")
        self.quiet()

    def type(self, text):
        os.write(self.terminal, text.encode())

    def read(self, timeout):
        if not select.select([self.terminal], [], [], timeout)[0]:
            return False
        try:
            self.seen += os.read(self.terminal, 65536)
        except OSError:
            return False
        return True

    def quiet(self):
        """Waits until nothing more comes."""
        self.read(PATIENCE)
        while self.read(0.6):
            pass

    def result(self, line):
        self.seen = b""
        self.type(line + "\t")
        self.quiet()
        # To the line's start, and a marker before what is there.
        self.type("\x01echo RESULT''=")
        self.quiet()
        self.seen = b""
        self.type("\x05=END\r")
        while b"=END" not in self.seen.split(b"RESULT=")[-1] or b"RESULT=" not in self.seen:
            if not self.read(PATIENCE):
                return f"nothing came of it: {self.seen!r}"
        return self.seen.split(b"RESULT=")[-1].split(b"=END")[0].decode()


for line in sys.stdin.read().splitlines():
    session = Shell()
    print(session.result(line), flush=True)
    session.process.kill()
    session.process.wait()
    os.close(session.terminal)
