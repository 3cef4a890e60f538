"""`sendad --check` says of every configuration whether the daemon would start with it, and changes nothing."""

import os
import shutil
import subprocess
import tempfile
import unittest

from certificates import Authority
from harness import SENDAD, TestCase, small, write_files
from process import DEADLINE, Process


def sendad(*flags, **environment):
    done = subprocess.run([SENDAD, *flags], capture_output=True, text=True, timeout=DEADLINE, check=False,
                          env=os.environ | environment)
    return done.returncode, done.stdout, done.stderr


class Check(TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="senda-check-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.site = self.path("site")
        write_files(self.site, small())

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def pair(self):
        return Authority(self.path("authority")).sign("server")

    def everything(self):
        return sorted(os.path.join(root, name) for root, folders, names in os.walk(self.folder) for name in folders + names)

    def start(self, *flags, **options):
        daemon = Process([SENDAD, "--site", self.site, *flags], **options)
        self.addCleanup(daemon.destroy)
        return daemon

    def assert_good(self, *flags):
        code, output, errors = sendad("--check", "--site", self.site, *flags)
        self.assertEqual((code, errors), (0, ""), output)
        self.assertRegex(output, r"^\S+: good, version \S+, \d+ warnings\n")

    def assert_bad(self, part, *flags):
        """The verdict, and the very reason that the daemon has not to start."""
        before = self.everything()
        code, output, errors = sendad("--check", "--site", self.site, *flags)
        self.assertEqual((code, errors), (1, ""), output)
        verdict, problem, *_ = output.splitlines()
        self.assertRegex(verdict, rf"^{self.site}: refused, 1 error, \d+ warnings$")
        self.assertIn(part, problem)
        self.assertEqual(self.everything(), before)
        daemon = self.start(*flags)
        self.assertEqual(daemon.wait_exit(), 1)
        self.assertIn(problem, daemon.output().replace('\\"', '"'))

    # ---- What would keep the daemon from starting ----

    def test_addresses(self):
        self.assert_bad("tcp:0.0.0.0:0 can be reached from other machines; expected a token", "--listen", "tcp:0.0.0.0:0")
        self.assert_bad("tcp:*:0 can be reached from other machines; expected a token", "--listen", "tcp:*:0")
        self.assert_bad("listen: tcp:nowhere.invalid:1: ", "--listen", "tcp:nowhere.invalid:1")
        self.assert_bad(f"can't listen on unix:{self.path('none', 's')}: No such file", "--listen", f"unix:{self.path('none', 's')}")
        self.assert_bad("can't listen on unix:", "--listen", "tcp:127.0.0.1:0", "--control", f"unix:{self.path('none', 's')}")
        self.assert_bad("there is a file of that name that isn't a socket", "--listen", f"unix:{self.write('file', '')}")
        twice = f"unix:{self.path('twice')}"
        self.assert_bad(f"listen: expected each address once, got '{twice}' twice", "--listen", twice, "--listen", twice)
        self.assert_bad(f"control: expected another address than those of listen, got '{twice}'",
                        "--listen", twice, "--control", twice)

    def test_certificates(self):
        tls = ["--listen", "tls:127.0.0.1:0"]
        certificate, key = self.pair()
        other = Authority(self.path("other")).sign("server")[1]
        self.assert_good(*tls, "--tls-certificate", certificate, "--tls-key", key)
        self.assert_bad("listen: tls: needs a certificate and its key", *tls)
        self.assert_bad("tls_key: not the key of the certificate", *tls, "--tls-certificate", certificate, "--tls-key", other)
        self.assert_bad("can't open /nonexistent: No such", *tls, "--tls-certificate", "/nonexistent", "--tls-key", key)
        self.assert_bad("tls_certificate: expected a certificate in PEM form", *tls, "--tls-certificate", self.write("no", "PEM"),
                        "--tls-key", key)
        self.assert_bad("tls_key: expected together with tls_certificate", "--listen", "tcp:127.0.0.1:0", "--tls-key", key)

    def test_tokens(self):
        tcp = ["--listen", "tcp:0.0.0.0:0"]
        self.assert_good(*tcp, "--token-file", self.write("token", "a secret\n"))
        self.assert_bad("can't open /nonexistent: No such", *tcp, "--tokens-file", "/nonexistent")
        self.assert_bad("can't open /nonexistent: No such", *tcp, "--token-file", "/nonexistent")
        self.assert_bad("tokens:1: expected a scope first", *tcp, "--tokens-file", self.write("tokens", "hush\n"))

    def test_the_state(self):
        tcp = ["--listen", "tcp:127.0.0.1:0"]
        self.assert_bad("can't make the folder /dev/null/state: Not a directory", *tcp, "--state", "/dev/null/state")
        self.assert_bad("can't open the state folder", *tcp, "--state", self.write("file", ""))
        self.assert_good(*tcp, "--state", self.path("made", "on", "the", "way"))
        self.assertFalse(os.path.exists(self.path("made")))

    @unittest.skipIf(os.geteuid() == 0, "nothing is forbidden to root")
    def test_what_is_forbidden(self):
        tcp = ["--listen", "tcp:127.0.0.1:0"]
        os.makedirs(self.path("closed"), 0o500)
        self.assert_bad("Permission denied", *tcp, "--state", self.path("closed", "state"))
        self.assert_bad("Permission denied", "--listen", f"unix:{self.path('closed', 's')}")

    def test_a_daemon_that_runs_is_no_problem(self):
        flags = ["--listen", f"unix:{self.path('socket')}", "--control", f"unix:{self.path('control')}",
                 "--state", self.path("state")]
        daemon = self.start(*flags)
        daemon.wait_ready()
        self.assert_good(*flags)
        daemon.signal(15)
        self.assertEqual(daemon.wait_exit(), 0, daemon.output())

    def test_every_address_with_a_token_is_every_address(self):
        daemon = self.start("--listen", "tcp:*:0", "--token-file", self.write("token", "a secret\n"))
        self.assertIn("tcp:0.0.0.0:", daemon.wait_log(r"msg=ready .*listen=(\S+)")[1])

    # ---- The configuration ----

    def test_every_problem_of_everything(self):
        write_files(self.site, {"offers/bad.lua": 'offer "x" { knd = "article", title = "x" }\n'})
        path = self.write("conf.lua", f'site = "{self.site}"\nworkerz = 3\nworkers = "two"\nlog_levle = 1\nstate = "/dev/null/s"\n')
        code, output, errors = sendad("--check", "--config", path, "--listen", "tcp:0.0.0.0:1")
        self.assertEqual((code, errors), (1, ""))
        self.assertRegex(output, rf"^{self.site}: refused, [6-9] errors, \d+ warnings?\n")
        self.assertEqual(output.count(": refused"), 1)
        for part in (f"{path}:2: no option 'workerz'; did you mean 'workers'?\n", f"{path}:3: workers: expected a number",
                     f"{path}:4: no option 'log_levle'; did you mean 'log_level'?\n", "listen: tcp:0.0.0.0:1 can be reached",
                     "can't make the folder /dev/null/s: ", "offers/bad.lua:1:"):
            self.assertIn(part, output)

    def test_a_configuration_that_names_no_site(self):
        path = self.write("conf.lua", "workerz = 3\nreturn { workers = 3 }\n")
        code, output, _ = sendad("--check", "--config", path)
        self.assertEqual(code, 1)
        self.assertEqual(output.splitlines()[0], f"{path}: refused, 3 errors, 0 warnings")
        self.assertIn(f"{path}: expected assignments, such as workers = 3, got a file that returns a table\n", output)
        self.assertEqual(sendad("--check")[1], "the configuration: refused: site: no site to serve; expected --site DIR, or "
                                               "site = \"DIR\" in the configuration\n")

    def test_command_lines_that_are_not_understood(self):
        for flag in ("--workers=abc", "--listen=foo:bar", "--deadline-ms=5s", "--control=tcp:127.0.0.1:1", "--versoin"):
            for task in ([], ["--check"], ["--print-config"]):
                code, output, errors = sendad("--site", self.site, flag, *task)
                self.assertEqual((code, output), (2, ""), flag)
                self.assertRegex(errors, r"^sendad: .+\n$")

    # ---- What is shown of it ----

    def test_a_token_that_everybody_can_read(self):
        def listen(mode):
            path = self.write("conf.lua", 'token = "a secret"\nlisten = "tcp:127.0.0.1:0"\n', mode)
            return sendad("--check", "--site", self.site, "--config", path)[2]
        self.assertRegex(listen(0o644), r"a secret can be read by everybody on this machine.*conf\.lua")
        self.assertEqual(listen(0o640), "")

    def test_the_shown_configuration_has_no_mask_for_a_token(self):
        path = self.write("conf.lua", f'token = "a secret"\nsite = "{self.site}"\nlisten = "tcp:0.0.0.0:0"\n')
        shown = self.write("shown.lua", sendad("--config", path, "--print-config")[1])
        code, output, _ = sendad("--check", "--config", shown)
        self.assertEqual(code, 1)
        self.assertIn("expected a token", output)

    def test_credentials_are_shown(self):
        certificate, key = self.pair()
        credentials = self.path("credentials")
        os.mkdir(credentials)
        for name, text in {"token": "one", "site-token": "two", "tokens": "site shop three\n"}.items():
            self.write(f"credentials/{name}", text)
        shutil.copy(certificate, f"{credentials}/tls-certificate")
        shutil.copy(key, f"{credentials}/tls-key")
        flags = ["--site", self.site, "--listen", "tls:0.0.0.0:0"]
        code, output, errors = sendad("--print-config", *flags, CREDENTIALS_DIRECTORY=credentials)
        self.assertEqual((code, errors), (0, ""))
        for name, value in (("-- token", r"\*+"), ("-- site-token", r"\*+"), ("tokens_file", f"{credentials}/tokens"),
                            ("tls_certificate", f"{credentials}/tls-certificate"), ("tls_key", f"{credentials}/tls-key")):
            self.assertRegex(output, rf'(?m)^{name} = "{value}" +-- credential$')
        self.start(*flags, env=os.environ | {"CREDENTIALS_DIRECTORY": credentials}).wait_ready()


if __name__ == "__main__":
    unittest.main()
