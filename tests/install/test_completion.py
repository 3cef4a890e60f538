"""Completion in bash: it offers what --help names, and what the site declares."""

import os
import re
import subprocess
import tempfile
import unittest

from test_manual import SENDACTL, SENDAD, SOURCE, commands_of, every_command, help_of

BUILD = os.environ["SENDA_BUILD"]
BUILT_IN = {"--help", "--usage", "--version"}


def words_of(line):
    """The words that bash makes of a command line: it cuts at = and : as well."""
    words = []
    for word in line.split(" "):
        words += [part for part in re.split(r"([=:])", word) if part] or [""]
    return words


class Completion(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="senda-completion-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.write("sendad.lua", f'site = "{self.folder}/site"\n')
        self.write("site/placements.lua", 'placement "banner" {\n}\n  placement "mail" { count = 3 }\n')
        self.write("site/journeys/own.lua", 'journey "our-way" {\n  stage "looking" {},\n}\n')
        self.write("site/offers/all.lua", 'offer "which-bicycle" { kind = "calculator" }\n')
        with open(os.path.join(BUILD, "docs/man/completion"), encoding="utf-8") as file:
            script = file.read()
        # What is installed elsewhere is looked for in the tree and in a folder of the test's own.
        for installed, ours in (("{SENDA_DATADIR}/senda/journeys", os.path.join(SOURCE, "scripts/journeys")),
                                ("{SENDA_SYSCONFDIR}/senda/sendad.lua", f"{self.folder}/sendad.lua")):
            self.assertIn(f"'{installed}'", script)
            script = script.replace(installed, ours)
        self.script = self.write("completion", script)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def complete(self, line):
        """What is offered at the end of the line."""
        words = words_of(line)
        program = 'source "$0" && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _senda && printf "%s\\n" "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "--norc", "-c", program, self.script, *words], cwd=self.folder,
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), line)
        return set(done.stdout.split("\n")) - {""}

    def test_every_option_is_offered(self):
        self.assertEqual(self.complete("sendad --") - BUILT_IN, {f"--{flag}" for flag in help_of(SENDAD)})
        for command in every_command():
            line = "sendactl " + " ".join(command) + " --"
            self.assertEqual(self.complete(line) - BUILT_IN, {f"--{flag}" for flag in help_of(SENDACTL, *command)}, line)

    def test_commands_are_offered(self):
        self.assertEqual(self.complete("sendactl ") - BUILT_IN, set(commands_of(SENDACTL)))
        self.assertEqual(self.complete("sendactl re"), {"reload", "restore"})
        self.assertEqual(self.complete("sendactl profile e"), {"erase", "export"})
        self.assertEqual(self.complete("/usr/bin/sendactl profile ex"), {"export"})

    def test_an_option_is_completed(self):
        self.assertEqual(self.complete("sendad --site x --log-l"), {"--log-level"})
        self.assertEqual(self.complete("sendactl ask --dr"), {"--dry-run"})

    def test_values_of_an_option_that_has_a_few(self):
        levels = {"error", "warning", "notice", "info", "debug"}
        self.assertEqual(self.complete("sendad --log-level "), levels)
        self.assertEqual(self.complete("sendad --log-level="), levels)
        self.assertEqual(self.complete("sendad --log-level=in"), {"info"})
        self.assertEqual(self.complete("sendad --workers "), set())

    def test_names_of_the_site(self):
        self.assertEqual(self.complete("sendactl ask --placement "), {"banner", "mail"})
        self.assertEqual(self.complete("sendactl ask -p b"), {"banner"})
        self.assertEqual(self.complete("sendactl ask --exclude="), {"which-bicycle"})
        self.assertLessEqual({"our-way", "seven-stages"}, self.complete("sendactl ask --journey "))
        self.assertEqual(self.complete("sendactl ask --stage loo"), {"looking"})
        self.assertEqual(self.complete("sendactl map our"), {"our-way"})

    def test_files_folders_and_addresses(self):
        self.assertEqual(self.complete("sendad --config s"), {"sendad.lua", "site"})
        self.assertEqual(self.complete("sendad --site s"), {"site"})
        self.assertEqual(self.complete("sendactl check si"), {"site"})
        self.assertEqual(self.complete("sendactl backup si"), {"site"})
        self.assertLessEqual({"unix:", "tcp:"}, self.complete("sendad --listen "))
        self.assertEqual(self.complete("sendad --control "), {"unix:"})
        # Behind a colon bash wants the rest alone.
        self.assertEqual(self.complete("sendad --listen unix:sendad"), {"sendad.lua"})
        self.assertEqual(self.complete("sendactl ask --connect=unix:sendad"), {"sendad.lua"})

    def test_both_programs_are_completed(self):
        done = subprocess.run(["bash", "--norc", "-c", 'source "$0" && complete -p sendad sendactl', self.script],
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "complete -F _senda sendad\ncomplete -F _senda sendactl\n")


if __name__ == "__main__":
    unittest.main()
