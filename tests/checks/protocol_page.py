#!/usr/bin/env python3
"""Compares docs/protocol.md with the code: methods and their arguments, error codes, gates, fallbacks, counters.

usage: protocol_page.py      (ends with 1 and says what differs)
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = "docs/protocol.md"

TYPES = {
    "TEXT": "text",
    "INTEGER": "whole number",
    "NUMBER": "number",
    "DAY": "date or number",
    "BOOL": "true or false",
    "MAP": "map",
    "TEXTS": "list of texts",
}
UNITS = {"TEXT": " bytes", "MAP": " entries", "TEXTS": " items"}


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def macro(source, name):
    """The body of a macro, its lines joined."""
    found = re.search(rf"#define {name}\(X\)((?:[^\n]*\\\n)*[^\n]*)", source)
    if not found:
        sys.exit(f"protocol_page: no macro {name}; has it moved?")
    return found[1].replace("\\\n", " ")


def grouped(number):
    return f"{int(float(number)):,}"


def allowed(kind, least, most):
    """The words of the column `allowed`."""
    if kind == "BOOL":
        return ""
    if float(least) == 0 and kind in UNITS:
        return f"at most {grouped(most)}{UNITS[kind]}"
    return f"{grouped(least)} to {grouped(most)}{UNITS.get(kind, '')}"


def arguments_of(source, name):
    rows = re.findall(r'X\((\w+), (\w+), (true|false), ([\d.]+), ([\d.]+),\s+"', macro(source, name))
    return [(row[0], TYPES[row[1]], "yes" if row[2] == "true" else "", allowed(row[1], row[3], row[4])) for row in rows]


def methods_in_code():
    source = read("daemon/wire/method.h")
    rows = re.findall(r'X\(\w+, "([\w.]+)", (\w+), (\w+),', macro(source, "METHOD_TABLE"))
    return {name: arguments_of(source, arguments) for name, arguments, _scope in rows}


def scopes_in_code():
    rows = re.findall(r'X\(\w+, "([\w.]+)", \w+, (\w+),', macro(read("daemon/wire/method.h"), "METHOD_TABLE"))
    return sorted(f"{scope.lower()} {name}" for name, scope in rows)


def scopes_on_page(page):
    rows = table_rows(page, ["scope", "methods that need it"]) or []
    return sorted(f"{row[0]} {name}" for row in rows for name in re.findall(r"[a-z.]+", row[1]))


def table_rows(text, columns):
    """Rows of the first table whose heading has these columns, as lists of plain cells."""
    lines = iter(text.splitlines())
    for line in lines:
        if cells(line)[: len(columns)] == columns:
            break
    else:
        return None
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append(cells(line))
    return rows


def cells(line):
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def methods_on_page(page):
    methods = {}
    chapter = re.search(r"^## Methods\n(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    for section in re.split(r"^### ", chapter[1] if chapter else "", flags=re.MULTILINE)[1:]:
        name = re.match(r"`?([\w.]+)`?\n", section)
        if name:
            rows = table_rows(section, ["argument", "type", "required", "allowed"])
            methods[name[1]] = [tuple(row[:4]) for row in rows or []]
    return methods


def first_column(page, heading):
    rows = table_rows(page, heading)
    return [row[0] for row in rows] if rows is not None else []


def error_codes():
    body = re.search(r"enum error_code \{(.*?)\}", read("daemon/base/error.h"), re.DOTALL)[1]
    names = re.findall(r"ERROR_(\w+)", body)
    return [f"{names.index(name)} {name}" for name in names if name != "NONE"]


def wire_names(macro_name):
    return re.findall(r'"(\w+)"', macro(read("daemon/decide/decision.h"), macro_name))


def counters():
    return re.findall(r"X\((\w+), ", macro(read("daemon/base/metrics.h"), "METRICS_COUNTERS"))


def compare(what, code, page, problems):
    if code == page:
        return
    missing = [item for item in code if item not in page]
    foreign = [item for item in page if item not in code]
    problems.append(f"{what}: missing on the page {missing}, not in the code {foreign}"
                    if missing or foreign else f"{what}: another order than in the code, {code}")


def main():
    page = read(PAGE)
    problems = []
    in_code, on_page = methods_in_code(), methods_on_page(page)
    compare("methods", list(in_code), list(on_page), problems)
    for name, arguments in in_code.items():
        compare(f"arguments of {name}", arguments, on_page.get(name, []), problems)
    compare("scopes", scopes_in_code(), scopes_on_page(page), problems)
    codes = [f"{row[1]} {row[0]}" for row in table_rows(page, ["code", "number"]) or []]
    compare("error codes", error_codes(), codes, problems)
    compare("gates", wire_names("DECISION_GATES"), first_column(page, ["gate", "stopped because"]), problems)
    compare("fallbacks", wire_names("DECISION_FALLBACKS"), first_column(page, ["fallback", "what happened"]), problems)
    compare("counters", counters(), first_column(page, ["counter", "counts"]), problems)
    for problem in problems:
        print(f"{PAGE}: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
