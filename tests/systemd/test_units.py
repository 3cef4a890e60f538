"""The units: systemd finds nothing wrong with them, they expose little, and what they name is what is installed."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
UNITS = os.path.join(SOURCE, "systemd")
NAMES = ("sendad.service", "sendad.socket", "sendad-control.socket")
MOST_EXPOSURE = 2  # tenths; systemd calls 0.2 "safe"


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def unit(name):
    with open(os.path.join(UNITS, name)) as file:
        return file.read()


def values(text, key):
    return re.findall(rf"^{key}=(.*)$", text, re.M)


class Units(unittest.TestCase):
    def staged(self):
        """Copies whose programs are there, as they are once installed."""
        folder = tempfile.mkdtemp(prefix="senda-units-")
        self.addCleanup(shutil.rmtree, folder)
        for name in NAMES:
            text = unit(name).replace("/usr/bin/sendad ", os.environ["SENDAD"] + " ")
            text = text.replace("/usr/bin/sendactl ", os.environ["SENDACTL"] + " ")
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        return [os.path.join(folder, name) for name in NAMES]

    def test_verify_is_silent(self):
        result = run("systemd-analyze", "verify", "--man=no", *self.staged())
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_verify_is_not_silent_about_a_mistake(self):
        paths = self.staged()
        with open(paths[0], "a") as file:
            file.write("[Service]\nWatchdogSecs=3\n")
        self.assertIn("WatchdogSecs", run("systemd-analyze", "verify", "--man=no", *paths).stderr)

    def security(self, path):
        return run("systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSURE}", path)

    def test_the_service_exposes_little(self):
        result = self.security(os.path.join(UNITS, NAMES[0]))
        self.assertEqual(result.returncode, 0, result.stdout[-400:])
        self.assertIn("Overall exposure level for sendad.service: 0.2 SAFE", result.stdout)

    def test_a_wall_less_would_be_noticed(self):
        path = self.staged()[0]
        with open(path, "a") as file:
            file.write("[Service]\nPrivateNetwork=no\n")
        self.assertNotEqual(self.security(path).returncode, 0)

    def test_system_calls_are_known(self):
        for name in " ".join(values(unit(NAMES[0]), "SystemCallFilter")).replace("~", " ").split():
            if name.startswith("@"):
                self.assertEqual(run("systemd-analyze", "syscall-filter", name).returncode, 0, name)

    def test_the_service_reloads_where_the_control_socket_listens(self):
        control, = values(unit("sendad-control.socket"), "ListenStream")
        reload, = values(unit("sendad.service"), "ExecReload")
        self.assertIn(f"--control unix:{control}", reload)
        self.assertEqual(values(unit("sendad-control.socket"), "FileDescriptorName"), ["control"])

    def test_folders_and_owners_agree(self):
        service = unit("sendad.service")
        with open(os.path.join(UNITS, "tmpfiles.d", "senda.conf")) as file:
            folders = dict(re.findall(r"^d (\S+) (\d+) senda senda -$", file.read(), re.M))
        state, runtime = values(service, "StateDirectory")[0], values(service, "RuntimeDirectory")[0]
        self.assertEqual(folders, {f"/var/lib/{state}": values(service, "StateDirectoryMode")[0],
                                   f"/run/{runtime}": values(service, "RuntimeDirectoryMode")[0]})
        user, = values(service, "User")
        for name in NAMES[1:]:
            self.assertEqual(values(unit(name), "SocketUser"), [user])

    def test_the_user_can_be_made(self):
        result = run("systemd-sysusers", "--dry-run", os.path.join(UNITS, "sysusers.d", "senda.conf"))
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_configuration_that_ships_uses_the_same_places(self):
        with open(os.path.join(SOURCE, "conf", "minimal.lua")) as file:
            configuration = file.read()
        for text in values(unit("sendad.socket"), "ListenStream") + values(unit("sendad-control.socket"), "ListenStream") \
                + ["/var/lib/" + values(unit("sendad.service"), "StateDirectory")[0]]:
            self.assertIn(text, configuration)

    def pages(self):
        for path in glob.glob(os.path.join(SOURCE, "docs", "**", "*.md"), recursive=True):
            with open(path) as file:
                yield os.path.relpath(path, SOURCE), file.read()

    def test_the_pages_name_these_units(self):
        named = [(path, name) for path, text in self.pages()
                 for names in re.findall(r"systemctl (?:--now |[a-z]+ )+((?:senda[\w.-]* ?)+)", text) for name in names.split()]
        self.assertGreater(len(named), 8)
        for path, name in named:
            self.assertIn(name if "." in name else name + ".service", NAMES, path)

    def test_who_restores_stops_what_would_start_the_service_again(self):
        """The next client would, as long as systemd holds the socket for it."""
        blocks = [block for _, text in self.pages() for block in re.findall(r"(?:^    .*\n)+", text, re.M)
                  if "systemctl" in block and "sendactl restore" in block]
        self.assertNotEqual(blocks, [])
        for block in blocks:
            self.assertRegex(block, r"^    systemctl stop sendad\.socket\n(?:.*\n)*?.*sendactl restore")


if __name__ == "__main__":
    unittest.main()
