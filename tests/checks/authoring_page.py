#!/usr/bin/env python3
"""Checks docs/authoring.md: its reference is what the schema says, and the site of its tutorial loads.

usage: authoring_page.py            (ends with 1 and says what is wrong)
       authoring_page.py --write    (writes the reference anew)

Needs lua5.4.
"""

import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/authoring.md"
BEGIN = "<!-- reference: written by tests/checks/authoring_page.py --write -->\n"
END = "<!-- end of the reference -->"


def run_lua(script, *arguments):
    return subprocess.run(["lua5.4", str(ROOT / "tests/lua" / script), *arguments], capture_output=True, text=True)


def reference():
    """The schema as Markdown, its headings one level further down."""
    printed = run_lua("docs.lua")
    if printed.returncode != 0:
        sys.exit(f"authoring_page: tests/lua/docs.lua failed: {printed.stderr}")
    return "\n" + re.sub(r"^(#+) ", r"#\1 ", printed.stdout.rstrip("\n"), flags=re.MULTILINE) + "\n\n"


def parts(page):
    """The page before, in and behind the reference."""
    before, begin, rest = page.partition(BEGIN)
    inside, end, behind = rest.partition(END)
    if not begin or not end:
        sys.exit("authoring_page: the page has lost the marks around its reference")
    return before + begin, inside, end + behind


def check_reference(inside):
    expected = reference()
    if inside == expected:
        return []
    difference = difflib.unified_diff(inside.splitlines(), expected.splitlines(), "page", "schema", lineterm="", n=0)
    return ["the reference is out of date; run tests/checks/authoring_page.py --write", *list(difference)[:20]]


def tutorial_files(page):
    """Path → text of the files that the page shows under a line with their path alone."""
    return dict(re.findall(r"^`my-site/([\w./-]+)`\n+```lua\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL))


def check_tutorial(page):
    files = tutorial_files(page)
    if len(files) < 2:
        return ["the tutorial's files were not found"]
    with tempfile.TemporaryDirectory() as directory:
        for path, text in files.items():
            file = pathlib.Path(directory, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        loaded = run_lua("check_site.lua", directory)
    lines = loaded.stdout.splitlines() + loaded.stderr.splitlines()
    if loaded.returncode == 0 and len(lines) == 1:
        return []
    return ["the tutorial's site does not load without a word:", *lines]


def main():
    page = PAGE.read_text(encoding="utf-8")
    before, inside, behind = parts(page)
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(before + reference() + behind, encoding="utf-8")
        return 0
    problems = check_reference(inside) + check_tutorial(page)
    for problem in problems:
        print(problem if problem[:1] in "-+@" else f"docs/authoring.md: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
