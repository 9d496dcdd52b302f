"""Types into a real shell, in a terminal of its own, and prints what the terminal shows, without escape sequences.

    type.py SHELL PATH TEXT…    each TEXT is typed after "tsir " at a fresh prompt, and then the key Tab
                                PATH is a folder to find tsir in
"""
import fcntl
import os
import pty
import re
import select
import struct
import sys
import tempfile
import termios
import time

START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'; "
             "bind 'set completion-query-items 0'; source <(tsir completions bash)"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -D -u; setopt no_always_last_prompt; LISTMAX=10000; "
            "source <(tsir completions zsh)"),
    "fish": (["fish", "--no-config", "-i"], "tsir completions fish | source"),
}
ESCAPES = re.compile(r"\x1b\[[0-9;?>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b.|[\x00-\x08\x0b-\x1f]")


def read_until(terminal, enough, seconds, quiet=0.0):
    """Reads until the text satisfies `enough` and nothing has come for `quiet` seconds, or the time has passed."""
    text = ""
    end = time.time() + seconds
    last = time.time()
    while time.time() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                text += os.read(terminal, 65536).decode("utf-8", "replace")
            except OSError:
                break
            last = time.time()
            if "\x1b[c" in text or "\x1b[0c" in text:  # fish asks what the terminal is
                os.write(terminal, b"\x1b[?62;c")
        if time.time() - last >= quiet and enough(ESCAPES.sub("", text)):
            break
    return ESCAPES.sub("", text)


def main():
    shell, folder, texts = sys.argv[1], sys.argv[2], sys.argv[3:]
    words, setup = START[shell]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ.update(PATH=f"{folder}:{os.environ['PATH']}", HOME=home, XDG_CACHE_HOME=home, TERM="xterm", PS1="> ", COLUMNS="200")
        child, terminal = pty.fork()
        if child == 0:
            os.execvp(words[0], words)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))
        # The word is put together by the shell, so its echo is not it.
        os.write(terminal, (setup + "; echo ready''-now\n").encode())
        read_until(terminal, lambda text: "ready-now" in text, 30)
        for text in texts:
            os.write(terminal, b"tsir " + text.encode() + b"\t")
            # More than the echo of what was typed.
            shown = read_until(terminal, lambda shown: len(shown) > len("tsir " + text) + 1, 15, quiet=1)
            print(f"typed: {text}\n{shown}", flush=True)
            os.write(terminal, b"\x03")
            read_until(terminal, lambda text: False, 0.5)
        os.write(terminal, b"\x03exit\n")
        os.close(terminal)


main()
