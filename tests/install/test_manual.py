"""The manual pages: nothing to warn about, and everything in them that --help and the language of sites have."""

import os
import re
import subprocess
import unittest

SOURCE = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PAGES = os.path.join(os.environ["SENDA_BUILD"], "docs/man")
SENDAD = os.environ["SENDAD"]
SENDACTL = os.environ["SENDACTL"]
NAMES = ("sendad.8", "sendactl.1", "senda-site.7", "sendad.conf.5")


def said(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return done.stdout, done.stderr, done.returncode


def page(name):
    """As a reader sees it, in wide lines."""
    environment = dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="200", MANROFFSEQ="")
    return said("man", "-l", os.path.join(PAGES, name), env=environment)[0]


def section(text, heading):
    """What stands below a heading, up to the next that is no further to the right."""
    found = re.search(rf"^( {{0,3}}){re.escape(heading)}\n", text, re.MULTILINE)
    if not found:
        return ""
    below = text[found.end():]
    end = re.search(rf"^ {{0,{len(found[1])}}}\S", below, re.MULTILINE)
    return below[:end.start()] if end else below


def flags(text):
    return set(re.findall(r"^ +(?:-\w, )?--([a-z][a-z-]*)", text, re.MULTILINE))


def help_of(*command):
    """The flags of --help, but for those that every command has."""
    text = said(*command, "--help")[0]
    return set(re.findall(r"^ +(?:-[\w?], )?--([a-z][a-z-]*)", text, re.MULTILINE)) - {"help", "usage", "version"}


def commands_of(*command):
    listed = section(said(*command, "--help")[0], "Commands:")
    return re.findall(r"^  (\w+) ", listed, re.MULTILINE)


def every_command():
    """With its whole name: ["profile", "get"]."""
    for name in commands_of(SENDACTL):
        below = commands_of(SENDACTL, name)
        yield from [[name, command] for command in below] or [[name]]


class Manual(unittest.TestCase):
    maxDiff = None

    def test_readers_have_nothing_to_warn_about(self):
        environment = dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80")
        for name in NAMES:
            path = os.path.join(PAGES, name)
            self.assertEqual(said("man", "--warnings", "-l", path, env=environment)[1], "", name)
            self.assertEqual(said("mandoc", "-Tlint", "-Wwarning", path)[0], "", name)

    def test_pages_are_found_by_their_subject(self):
        for name in NAMES:
            heading = section(page(name), "NAME").strip()
            self.assertRegex(heading, rf"^{re.escape(name[:-2])} - \w")

    def test_sendad_has_every_flag_and_the_way_it_ends(self):
        text = page("sendad.8")
        expected = help_of(SENDAD)
        self.assertGreater(len(expected), 20)
        self.assertEqual(flags(section(text, "OPTIONS")) - {"help"}, expected)
        for code in "012":
            self.assertRegex(section(text, "EXIT STATUS"), rf"(?m)^ +{code}$")

    def test_the_configuration_has_every_option_with_its_default(self):
        text = section(page("sendad.conf.5"), "OPTIONS")
        shown = said(SENDAD, "--print-config")[0]
        options = re.findall(r"^(\w+) = ", shown, re.MULTILINE)
        self.assertGreater(len(options), 20)
        self.assertEqual(re.findall(r"^ +(\w+) = ", text, re.MULTILINE), options)
        for name, value in re.findall(r'^(\w+) = "?([^"{\n]*?)"? +-- default$', shown, re.MULTILINE):
            if value:
                self.assertRegex(text, rf"(?m)^ +{name} = .*\(default: {re.escape(value)}[);]")

    def test_sendactl_has_every_command_with_its_options(self):
        text = page("sendactl.1")
        common = flags(section(text, "COMMON OPTIONS"))
        self.assertIn("connect", common)
        commands = list(every_command())
        self.assertGreater(len(commands), 15)
        for command in commands:
            with self.subTest(command=command):
                own = section(text, " ".join(command))
                self.assertIn("sendactl " + " ".join(command) + " [OPTION...]", own)
                expected = help_of(SENDACTL, *command)
                named = flags(own) | (common if "Also takes the common options." in own else set())
                self.assertEqual(named, expected)

    def test_sites_have_every_word_and_field_of_the_language(self):
        text = section(page("senda-site.7"), "THE LANGUAGE")
        reference = said("lua5.4", os.path.join(SOURCE, "tests/lua/docs.lua"))[0]
        constructs = re.split(r"^## ", reference, flags=re.MULTILINE)[1:]
        self.assertGreater(len(constructs), 5)
        for construct in constructs:
            name = construct.split("\n", 1)[0]
            fields = re.findall(r"^\| `(\w+)` \|", construct, re.MULTILINE)
            self.assertEqual(re.findall(r"^ +(\w+) = ", section(text, name), re.MULTILINE), fields, name)


if __name__ == "__main__":
    unittest.main()
