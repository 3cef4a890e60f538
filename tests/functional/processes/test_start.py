"""What the daemon listens on, what it refuses to start with, and what its command line says."""

import os
import re
import signal
import socket
import subprocess
import unittest

from daemon import DEADLINE, PROGRAM, TestCase

def run(*flags, **options):
    return subprocess.run([PROGRAM, *flags], capture_output=True, text=True, timeout=DEADLINE, **options)


class Listening(TestCase):
    def test_tcp_by_name_and_number(self):
        for host in ("127.0.0.1", "localhost", "[::1]"):
            if host == "[::1]" and not self.has_ipv6():
                continue
            daemon = self.start(listen=False, flags=["--listen", f"tcp:{host}:0"])
            listen = daemon.wait_log(r"msg=ready .*listen=(\S+)")[1]
            port = int(re.search(r":(\d+)(,|$)", listen)[1])
            with socket.create_connection((host.strip("[]"), port), DEADLINE) as client:
                client.sendall(b"version\n")
                self.assertTrue(client.recv(100))
            self.assert_stops(daemon)

    def has_ipv6(self):
        try:
            with socket.socket(socket.AF_INET6) as probe:
                probe.bind(("::1", 0))
            return True
        except OSError:
            return False

    def test_several_listeners(self):
        daemon = self.serve(flags=["--listen", "tcp:127.0.0.1:0"])
        self.assertRegex(daemon.output(), r"listen=unix:\S+,tcp:127.0.0.1:\d+\n?")

    def test_other_machines_need_a_token(self):
        daemon = self.start(listen=False, flags=["--listen", "tcp:0.0.0.0:0"])
        self.assertEqual(daemon.wait_exit(), 1)
        self.assertIn("tcp:0.0.0.0:0 can be reached from other machines; expected a token", daemon.output())

    def test_other_machines_with_a_token(self):
        daemon = self.start(listen=False, flags=["--listen", "tcp:0.0.0.0:0", "--token-file", "/etc/hostname"])
        daemon.wait_ready()
        self.assert_stops(daemon)

    def test_a_port_that_is_taken_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            address = "tcp:127.0.0.1:%d" % other.getsockname()[1]
            daemon = self.start(listen=False, flags=["--listen", address])
            self.assertEqual(daemon.wait_exit(), 1)
            self.assertIn(f"can't listen on {address}: Address already in use", daemon.output())

    def test_modes_of_unix_sockets(self):
        daemon = self.serve(flags=["--socket-mode", "0640"])
        self.assertEqual(os.stat(daemon.socket).st_mode & 0o777, 0o640)
        self.assertEqual(os.stat(daemon.control).st_mode & 0o777, 0o600)

    def test_the_socket_of_a_dead_daemon_is_replaced(self):
        first = self.serve()
        first.process.kill()
        first.process.wait()
        self.assertTrue(os.path.exists(first.socket))
        second = self.start(flags=["--listen", "unix:" + first.socket], listen=False)
        second.wait_ready()
        second.socket = first.socket
        self.assertTrue(second.ask("version"))

    def test_the_socket_of_a_living_daemon_is_left_alone(self):
        first = self.serve()
        second = self.start(flags=["--listen", "unix:" + first.socket], listen=False)
        self.assertEqual(second.wait_exit(), 1)
        self.assertIn("another process listens there", second.output())
        self.assertTrue(first.ask("version"))

    def test_a_file_that_is_no_socket_is_left_alone(self):
        daemon = self.start(flags=["--listen", "unix:/etc/hostname"], listen=False)
        self.assertEqual(daemon.wait_exit(), 1)
        self.assertIn("isn't a socket", daemon.output())
        self.assertTrue(os.path.isfile("/etc/hostname"))

    def test_the_state_folder_is_held_by_one(self):
        first = self.serve()
        folder = first.path("made/on/the/way")
        self.assert_stops(first)
        second = self.serve(flags=["--state", folder])
        third = self.start(flags=["--state", folder])
        self.assertEqual(third.wait_exit(), 1)
        self.assertIn(f"is held by another sendad (process {second.process.pid})", third.output())
        self.assert_stops(second)
        fourth = self.serve(flags=["--state", folder])
        self.assert_stops(fourth)


class Inheriting(TestCase):
    def inherit(self, sockets, names, flags=()):
        """Starts the daemon as systemd would, with those sockets from descriptor 3 on."""
        for number, item in enumerate(sockets):
            os.dup2(item.fileno(), 100 + number)

        def place():
            for number in range(len(sockets)):
                os.dup2(100 + number, 3 + number)

        environment = dict(os.environ, LISTEN_FDS=str(len(sockets)), LISTEN_FDNAMES=names)
        import daemon as module
        program = module.PROGRAM
        wrapper = self.wrapper()
        module.PROGRAM = wrapper
        try:
            return self.start(listen=False, flags=flags, env=environment, preexec_fn=place,
                              pass_fds=range(3, 3 + len(sockets)))
        finally:
            module.PROGRAM = program
            for number in range(len(sockets)):
                os.close(100 + number)

    def wrapper(self):
        """A program that sets LISTEN_PID to its own number, which the daemon then has."""
        path = "/tmp/senda-inherit-%d" % os.getpid()
        with open(path, "w") as file:
            file.write('#!/bin/sh\nLISTEN_PID=$$ exec "%s" "$@"\n' % PROGRAM)
        os.chmod(path, 0o700)
        self.addCleanup(os.unlink, path)
        return path

    def test_sockets_from_systemd_are_used(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            daemon = self.inherit([server], "website").wait_ready()
            with socket.create_connection(server.getsockname(), DEADLINE) as client:
                client.sendall(b"version\n")
                self.assertTrue(client.recv(100))
            self.assert_stops(daemon)

    def test_the_control_socket_is_known_by_its_name(self):
        path = "/tmp/senda-control-%d" % os.getpid()
        self.addCleanup(os.unlink, path)
        with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as control:
            control.bind(path)
            control.listen()
            daemon = self.inherit([control, server], "control:website").wait_ready()
            daemon.control = path
            self.assertTrue(daemon.reload().startswith("ok "))
            self.assert_stops(daemon)
        self.assertTrue(os.path.exists(path))  # systemd's, not ours to remove

    def test_what_does_not_listen_is_refused(self):
        with socket.socket() as plain:
            daemon = self.inherit([plain], "")
            self.assertEqual(daemon.wait_exit(), 1)
            self.assertIn("descriptor 3 from systemd isn't a listening stream socket", daemon.output())

    def test_an_open_socket_from_systemd_needs_a_token(self):
        with socket.create_server(("0.0.0.0", 0)) as server:
            daemon = self.inherit([server], "")
            self.assertEqual(daemon.wait_exit(), 1)
            self.assertIn("expected a token", daemon.output())


class CommandLine(TestCase):
    def test_unknown_flags_get_the_nearest_name(self):
        result = run("--worker", "2")
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr, "sendad: no flag '--worker'; did you mean '--workers'?\n")

    def test_unknown_options_get_the_nearest_name_and_the_line(self):
        daemon = self.start()
        with open(daemon.path("conf.lua"), "w") as file:
            file.write("site = 'x'\nlisten_to = 'unix:/x'\n")
        result = run("--config", daemon.path("conf.lua"), "--check")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, "x: refused, 2 errors, 0 warnings\n"
                         f"{daemon.path('conf.lua')}:2: no option 'listen_to'; did you mean 'listen'?\n"
                         "can't open the site's folder x: No such file or directory\n")
        for flags in ([], ["--print-config"]):
            result = run("--config", daemon.path("conf.lua"), *flags)
            self.assertEqual((result.returncode, result.stdout), (1, ""))
            self.assertEqual(result.stderr,
                             f"sendad: {daemon.path('conf.lua')}:2: no option 'listen_to'; did you mean 'listen'?\n")

    def test_print_config_shows_origins_and_masks_secrets(self):
        daemon = self.start()
        with open(daemon.path("conf.lua"), "w") as file:
            file.write("site = 'x'\ntoken = 's3cret'\nworkers = 3\n")
        result = run("--config", daemon.path("conf.lua"), "--print-config", "--workers", "5")
        self.assertEqual(result.returncode, 0)
        self.assertNotIn("s3cret", result.stdout)
        self.assertRegex(result.stdout, r'(?m)^-- token = "\*+" +-- .*conf.lua:2$')
        self.assertRegex(result.stdout, r'(?m)^site = "x" +-- .*conf.lua:1$')
        self.assertRegex(result.stdout, r"(?m)^workers = 5 +-- flag$")
        self.assertRegex(result.stdout, r"(?m)^deadline_ms = 20 +-- default$")

    def test_help_names_every_flag(self):
        result = run("--help")
        self.assertEqual(result.returncode, 0)
        for flag in ("--site", "--listen", "--deadline-ms", "--token-file", "--check", "--print-config"):
            self.assertIn(flag, result.stdout)
        self.assertNotIn("--token=", result.stdout)

    def test_version(self):
        self.assertRegex(run("--version").stdout, r"^sendad \d+\.\d+\.\d+\n$")

    def test_check_gives_a_verdict_and_every_problem(self):
        daemon = self.start("warn")
        good = run("--site", daemon.path("site"), "--check")
        self.assertEqual(good.returncode, 0)
        self.assertRegex(good.stdout, r"site: good, version [0-9a-f]{32}, 1 warning\n.*a doubtful line")
        daemon.write_site("refuse")
        bad = run("--site", daemon.path("site"), "--check")
        self.assertEqual(bad.returncode, 1)
        self.assertRegex(bad.stdout, r"site: refused, 1 error, 0 warnings\n.*a wrong line")
        missing = run("--site", "/nonexistent/site", "--check")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("/nonexistent/site: refused: can't open", missing.stdout)

    def test_closed_standard_descriptors_do_no_harm(self):
        daemon = self.start()
        result = subprocess.run(["/bin/sh", "-c", '"$0" --site "$1" --check <&- 2>&-', PROGRAM, daemon.path("site")],
                                capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(result.returncode, 0)


if __name__ == "__main__":
    unittest.main()
