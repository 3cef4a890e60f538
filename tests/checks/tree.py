"""The files of a source tree, and the way in which a check of them reports and ends."""

import os
import sys

LEFT_OUT = {".git", "build", "node_modules", "__pycache__"}
C_FOLDERS = ("daemon/", "include/", "clients/", "tests/")


class Tree:
    """A source tree: the one this file is in, or the one named on the command line."""

    def __init__(self, arguments):
        own = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
        self.root = os.path.realpath(arguments[0] if arguments else own)
        self.problems = []

    def files(self, *endings):
        """Paths below the root, sorted; all of them, or those that end so."""
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in LEFT_OUT]
            found += [os.path.relpath(os.path.join(folder, name), self.root) for name in names if name not in LEFT_OUT]
        return sorted(path for path in found if not endings or path.endswith(endings))

    def c_files(self):
        return [path for path in self.files(".c", ".h") if path.startswith(C_FOLDERS)]

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

    def bytes(self, path):
        with open(os.path.join(self.root, path), "rb") as file:
            return file.read()

    def text(self, path):
        return self.bytes(path).decode("utf-8", "replace")

    def lines(self, path):
        """(number, line) of a file, counted from 1."""
        return enumerate(self.text(path).split("\n"), 1)

    def problem(self, path, line, message):
        self.problems.append(f"{path}:{line}: {message}")

    def finish(self, said):
        """Prints the problems, or what was found good, and ends the program."""
        for problem in self.problems:
            print(problem)
        name = os.path.basename(sys.argv[0])
        count = len(self.problems)
        print(f"{name}: {count} problem{'s' if count > 1 else ''}" if count else f"{name}: {said}")
        sys.exit(1 if count else 0)
