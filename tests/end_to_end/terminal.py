#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program on a terminal that is made here, and tells what the terminal shows.

    terminal.py COLUMNS ROWS [--resize TEXT COLUMNS ROWS] [--signal TEXT NUMBER] OUTPUT PROGRAM...

When TEXT is on the screen for the first time, the terminal is resized, or the program gets the
signal. In OUTPUT there are afterwards: `raw`, what the program wrote; `screen`, all lines from the
first one on, as they are in the end; `shown`, every state of every line; `status`, the exit status,
128 + N after signal N; `cursor`, its column, and whether it can be seen. Lines that are too long are broken, and when the terminal is
made narrower or wider, broken anew, as most terminals do. What it does not know ends it.
"""
import codecs, fcntl, os, pty, re, select, signal, struct, sys, termios, time, unicodedata

SEQUENCE = re.compile("\x1b\\[(\\??[0-9;]*)([A-Za-z])")
PATIENCE = int(os.environ.get("KSTRUCT_TEST_SECONDS", "90"))  # seconds


def width(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Terminal:
    """`lines` has all rows that there ever were; the last `rows` of them can be written to."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [[""] * columns]
        self.goes_on = [False]  # does the line go on in the next row?
        self.row = self.column = self.top = 0
        self.is_cursor_shown = True
        self.shown = []

    def text(self, row):
        return "".join(cell or " " for cell in self.lines[row] if cell is not None).rstrip()

    def note(self):
        text = self.text(self.row)
        if not self.shown or self.shown[-1] != text:
            self.shown.append(text)

    def feed(self, data):
        position = 0
        while position < len(data):
            match = SEQUENCE.match(data, position)
            if match:
                self.control(*match.groups())
                position = match.end()
                continue
            if data[position] == "\x1b":
                if len(data) - position < 16:
                    break
                raise SystemExit(f"unknown sequence: {data[position:position + 16]!r}")
            self.put(data[position])
            position += 1
        return data[position:]

    def control(self, parameters, kind):
        number = int(parameters) if parameters.isdigit() else 1
        if kind == "A":
            self.note()
            self.row = max(self.top, self.row - number)
        elif kind == "K" and parameters in ("", "0"):
            self.lines[self.row][self.column:] = [""] * (self.columns - self.column)
            self.goes_on[self.row] = False
        elif kind == "J" and parameters in ("", "0"):
            self.lines[self.row][self.column:] = [""] * (self.columns - self.column)
            del self.lines[self.row + 1:]
            del self.goes_on[self.row + 1:]
            self.goes_on[self.row] = False
        elif kind in "hl" and parameters == "?25":
            self.is_cursor_shown = kind == "h"
        elif kind != "m":
            raise SystemExit(f"unknown sequence: ESC [ {parameters} {kind}")

    def next_row(self):
        self.note()
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append([""] * self.columns)
            self.goes_on.append(False)
        self.top = max(self.top, self.row - self.rows + 1)

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.next_row()
        elif character >= " ":
            self.put_visible(character)
        else:
            raise SystemExit(f"unknown control character {character!r}")

    def put_visible(self, character):
        needed = width(character)
        if needed == 0:
            if self.column:
                self.lines[self.row][self.column - 1] = (
                    self.lines[self.row][self.column - 1] or "") + character
            return
        if self.column + needed > self.columns:
            self.goes_on[self.row] = True
            self.next_row()
            self.column = 0
        self.lines[self.row][self.column] = character
        if needed == 2:
            self.lines[self.row][self.column + 1] = None
        self.column += needed

    def resize(self, columns, rows):
        """Joins the rows of each line and breaks it anew; the cursor stays in its line."""
        lines, goes_on, cursor, start = [], [], None, 0
        while start < len(self.lines):
            end = start
            cells = list(self.lines[start])
            while self.goes_on[end] and end + 1 < len(self.lines):
                end += 1
                cells += self.lines[end]
            while cells and cells[-1] == "":
                cells.pop()
            pieces = [cells[i:i + columns] for i in range(0, len(cells), columns)] or [[]]
            if start <= self.row <= end:
                offset = (self.row - start) * self.columns + self.column
                cursor = len(lines) + offset // columns, offset % columns
            for number, piece in enumerate(pieces):
                lines.append(piece + [""] * (columns - len(piece)))
                goes_on.append(number + 1 < len(pieces))
            start = end + 1
        self.lines, self.goes_on, self.columns, self.rows = lines, goes_on, columns, rows
        self.row, self.column = cursor
        while self.row >= len(self.lines):
            self.lines.append([""] * columns)
            self.goes_on.append(False)
        self.top = max(0, len(self.lines) - rows)
        self.row = max(self.row, self.top)

    def screen(self):
        return [self.text(row) for row in range(len(self.lines))]


def set_size(descriptor, columns, rows):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def start(words, columns, rows):
    child, descriptor = pty.fork()
    if child == 0:
        set_size(0, columns, rows)
        os.environ["TERM"] = os.environ.get("TEST_TERM", "xterm")
        os.execvp(words[0], words)
    set_size(descriptor, columns, rows)
    return child, descriptor


def read_options(words):
    actions = []
    while words[0] in ("--resize", "--signal"):
        count = 4 if words[0] == "--resize" else 3
        actions.append((words[0], words[1], [int(word) for word in words[2:count]]))
        words = words[count:]
    return actions, words


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    actions, words = read_options(sys.argv[3:])
    output, words = words[0], words[1:]
    terminal = Terminal(columns, rows)
    child, descriptor = start(words, columns, rows)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest, end = "", time.monotonic() + PATIENCE
    raw = open(os.path.join(output, "raw"), "wb")
    while time.monotonic() < end:
        if not select.select([descriptor], [], [], 1)[0]:
            continue
        try:
            data = os.read(descriptor, 65536)
        except OSError:
            break
        if not data:
            break
        raw.write(data)
        rest = terminal.feed(rest + decoder.decode(data))
        if actions and any(actions[0][1] in line for line in terminal.screen()):
            kind, _, numbers = actions.pop(0)
            if kind == "--resize":
                terminal.resize(*numbers)
                set_size(descriptor, *numbers)
            else:
                os.kill(child, numbers[0])
    else:
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    terminal.note()
    for name, text in (("screen", "\n".join(terminal.screen()).rstrip("\n")),
                       ("shown", "\n".join(terminal.shown)), ("status", str(code)),
                       ("cursor", f"{terminal.column} {terminal.is_cursor_shown}")):
        with open(os.path.join(output, name), "w") as file:
            file.write(text + "\n")


main()
