#!/usr/bin/env python3
"""Checks that what the pages point at is there: relative links with their anchors, files, C functions.

usage: doc_names.py      (ends with 1 and lists what leads nowhere)
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = ("daemon", "scripts", "conf", "clients", "tests", "include", "docs", "systemd")


def without_code(text):
    """The page without its code blocks, fenced or indented."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^ {4}.*$", "", text, flags=re.MULTILINE)


def anchors(page):
    """The names that GitHub gives to headings."""
    headings = re.findall(r"^#+ +(.*)$", without_code(page.read_text(encoding="utf-8")), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_links(page, text):
    for target in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text):
        path, _, anchor = (target[0] or target[1]).partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        file = (page.parent / path).resolve() if path else page
        if not file.exists():
            yield f"no file {path}"
        elif anchor and anchor not in anchors(file):
            yield f"no heading #{anchor} in {path or page.name}"


def check_paths(text):
    for path in re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)`", text):
        if not (ROOT / path).exists():
            yield f"no file {path}"


def check_functions(text, sources):
    for name in sorted(set(re.findall(r"`(\w+)\(\)`", text))):
        if not re.search(rf"\b{name}\(", sources):
            yield f"no function {name}()"


def main():
    files = [path for suffix in ("c", "h", "lua") for path in (ROOT / "daemon").rglob(f"*.{suffix}")]
    sources = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
    wrong = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        prose = without_code(text)
        found = [*check_links(page, prose), *check_paths(prose)]
        if page.name == "architecture.md":
            found += check_functions(text, sources)
        for problem in found:
            print(f"{page.relative_to(ROOT)}: {problem}")
        wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
