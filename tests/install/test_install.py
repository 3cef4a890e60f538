"""What `cmake --install` puts into a staging folder: everything, a daemon that runs, a library that programs link with."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "functional"))

from process import Process  # noqa: E402  (found in the folder above)

SOURCE = os.path.normpath(os.path.join(HERE, "..", ".."))
BUILD = os.environ["SENDA_BUILD"]
PREFIX = os.environ["SENDA_PREFIX"]
LIBDIR = os.environ["SENDA_LIBDIR"]
VERSION = os.environ["SENDA_VERSION"]
# A library with sanitizers wants them in the program, too.
SANITIZE = [f"-fsanitize={os.environ['SENDA_SANITIZED']}"] if os.environ["SENDA_SANITIZED"] else []
NOT_INSTALLED = ("CMakeLists.txt", "node_modules", "__pycache__")


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def files_below(folder):
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_INSTALLED]
        found += [os.path.relpath(os.path.join(root, name), folder) for name in names if name not in NOT_INSTALLED]
    return found


def expected_files():
    with open(os.path.join(HERE, "installed.txt"), encoding="utf-8") as file:
        lines = [line.strip().replace("LIBDIR", LIBDIR).replace("VERSION", VERSION)
                 for line in file if not line.startswith("#")]
    expected = [line for line in lines if " = " not in line]
    for folder, path in [line.split(" = ") for line in lines if " = " in line]:
        below = files_below(os.path.join(SOURCE, path))
        # Of docs the pages alone: what the manual is written from stays behind.
        expected += [f"{folder}/{name}" for name in below if path != "docs" or "/" not in name]
    return sorted(expected)


def links_of(page):
    """What a page links to, but for other sites and headings, as paths from where it stands."""
    with open(page, encoding="utf-8") as file:
        text = re.sub(r"^(```.*?^```$| {4}.*?$)", "", file.read(), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


class Installed(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="senda-install-")
        cls.addClassCleanup(shutil.rmtree, cls.root)
        run("cmake", "--install", BUILD, env=dict(os.environ, DESTDIR=cls.root))

    def at(self, path):
        return os.path.join(self.root, PREFIX.strip("/"), path)

    def test_everything_is_there_and_nothing_else(self):
        self.assertEqual(sorted(files_below(self.at(""))), expected_files())

    def test_pages_link_to_what_is_installed(self):
        """Also where the example sites are, from which nothing leads out of their folders."""
        pages = [name for name in files_below(self.at("share")) if name.endswith(".md")]
        links = [(page, link) for page in pages for link in links_of(self.at(os.path.join("share", page)))]
        self.assertGreater(len(links), 20)
        for page, link in links:
            self.assertTrue(os.path.exists(os.path.join(os.path.dirname(self.at(os.path.join("share", page))), link)),
                            f"{page}: {link}")

    def test_units_name_what_is_installed(self):
        for unit in ("sendad.service", "sendad.socket", "sendad-control.socket"):
            with open(self.at(f"lib/systemd/system/{unit}"), encoding="utf-8") as file:
                for line in [line for line in file if line.startswith("Exec")]:
                    program, *words = line.split("=", 1)[1].split()
                    for path in [program] + [words[i + 1] for i, word in enumerate(words) if word == "--config"]:
                        self.assertTrue(os.path.exists(self.root + path), f"{unit}: {line}")

    # ---- The programs ----

    def sendactl(self, *arguments):
        return run(self.at("bin/sendactl"), *arguments)

    def test_sites_are_good(self):
        for site in ("shop", "software"):
            self.assertIn(": good: ", self.sendactl("check", self.at(f"share/senda/{site}")))

    def test_the_configuration_serves_the_example_until_there_is_a_site(self):
        shown = run(self.at("bin/sendad"), "--config", self.at("etc/senda/sendad.lua"), "--print-config")
        values = dict(line.split(" = ", 1) for line in shown.splitlines())
        set_there = {name: value.split(" -- ")[0].strip() for name, value in values.items() if "-- default" not in value}
        self.assertEqual(set_there, {
            "site": f'"{PREFIX}/share/senda/shop"',
            "state": '"/var/lib/senda"',
            "listen": '{ "unix:/run/senda/senda.sock" }',
            "control": '"unix:/run/senda/control.sock"',
        })

    def test_the_daemon_serves_the_example(self):
        with tempfile.TemporaryDirectory(prefix="senda-install-run-") as folder:
            listen, control = f"unix:{folder}/socket", f"unix:{folder}/control"
            daemon = Process([
                self.at("bin/sendad"), "--config", self.at("etc/senda/sendad.lua"), "--site", self.at("share/senda/shop"),
                "--state", f"{folder}/state", "--listen", listen, "--control", control])
            self.addCleanup(daemon.destroy)
            daemon.wait_ready()
            self.assertIn("Show", self.sendactl("ask", "--placement", "hero", "--connect", listen))
            self.assertIn("kept", self.sendactl("track", "page_view", "--customer", "ana", "--connect", listen))
            self.assertIn("the site serves now", self.sendactl("reload", "--control", control))
            self.compile_and_ask(listen)
            daemon.signal(15)
            self.assertEqual(daemon.wait_exit(), 0, daemon.output())

    # ---- The library ----

    def pkg_config(self, *arguments):
        folder = self.at(f"{LIBDIR}/pkgconfig")
        path = ":".join([folder, run("pkg-config", "--variable", "pc_path", "pkg-config").strip()])
        words = run("pkg-config", *arguments, "libsenda", env=dict(os.environ, PKG_CONFIG_PATH=path)).split()
        return [word.replace(PREFIX, self.at("").rstrip("/"), 1) if word[:2] in ("-I", "-L") and PREFIX in word else word
                for word in words]

    def compile(self, name, *libraries, example="blocking"):
        program = os.path.join(self.root, name)
        source = self.at(f"share/doc/senda/clients/c/{example}.c")
        run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", *SANITIZE, source, "-o", program,
            *self.pkg_config("--cflags"), *libraries)
        return program

    def compile_with_cmake(self):
        """As find_package() finds the library."""
        source = os.path.join(self.root, "found")
        os.mkdir(source)
        with open(os.path.join(source, "CMakeLists.txt"), "w", encoding="utf-8") as file:
            file.write(f"""cmake_minimum_required(VERSION 3.23)
                project(found LANGUAGES C)
                find_package(senda {VERSION} REQUIRED)
                add_executable(found {self.at("share/doc/senda/clients/c/blocking.c")})
                target_link_libraries(found PRIVATE senda::senda)""")
        run("cmake", "-S", source, "-B", source, f"-DCMAKE_PREFIX_PATH={self.at('')}", f"-DCMAKE_C_FLAGS={' '.join(SANITIZE)}")
        run("cmake", "--build", source)
        return os.path.join(source, "found")

    def compile_and_ask(self, address):
        """The example from the documentation, with either library, against the daemon that runs."""
        shared = self.compile("shared", *self.pkg_config("--libs"))
        libraries = self.pkg_config("--libs", "--static")
        static = self.compile("static", *["-l:libsenda.a" if word == "-lsenda" else word for word in libraries])
        self.assertIn("libsenda.so.0", run("readelf", "-d", shared))
        self.assertNotIn("libsenda", run("readelf", "-d", static))
        environment = dict(os.environ, LD_LIBRARY_PATH=self.at(LIBDIR))
        for program in (shared, static, self.compile_with_cmake()):
            self.assertIn("/", run(program, address, "hero", env=environment))
        loop = self.compile("loop", *self.pkg_config("--libs", "libevent_core"), example="events")
        self.assertIn("ana: ", run(loop, address, "hero", "ana", "bea", env=environment))

    def test_the_archive_has_no_names_but_those_of_the_header(self):
        """Else they meet a program's own, which is not linked then, or calls what it does not mean."""
        with open(self.at("include/senda/client.h"), encoding="utf-8") as file:
            declared = set(re.findall(r"\b(senda_\w+)\(", re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)))
        lines = run("nm", "--extern-only", "--defined-only", self.at(f"{LIBDIR}/libsenda.a")).splitlines()
        names = {line.split()[2] for line in lines if len(line.split()) == 3}
        self.assertEqual(names, declared)

    def test_the_library_is_of_this_version(self):
        self.assertEqual(self.pkg_config("--modversion"), [VERSION])
        self.assertEqual(os.readlink(self.at(f"{LIBDIR}/libsenda.so")), "libsenda.so.0")
        self.assertEqual(os.readlink(self.at(f"{LIBDIR}/libsenda.so.0")), f"libsenda.so.{VERSION}")


class Elsewhere(unittest.TestCase):
    """`cmake --install --prefix`: another place than the build was configured for."""

    maxDiff = None

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="senda-elsewhere-")
        self.addCleanup(shutil.rmtree, self.root)

    def install(self, prefix, **environment):
        return run("cmake", "--install", BUILD, "--prefix", prefix, env=os.environ | environment)

    def texts(self):
        """What is installed and can be read, but for pages, which tell of the usual places."""
        found = {}
        for name in files_below(self.root):
            try:
                with open(os.path.join(self.root, name), encoding="utf-8") as file:
                    found[name] = file.read()
            except UnicodeDecodeError:
                continue
        return {name: text for name, text in found.items() if not re.search("^share/(doc|man|senda)/", name)}

    def read(self, *names):
        with open(os.path.join(self.root, *names), encoding="utf-8") as file:
            return file.read()

    def test_everything_is_below_it_and_names_it(self):
        self.install(self.root)
        self.assertEqual(sorted(files_below(self.root)), expected_files())
        for name, text in self.texts().items():
            self.assertNotIn(PREFIX, text, name)
            self.assertNotIn("{SENDA_", text, name)
        unit = self.read("lib/systemd/system/sendad.service")
        self.assertIn(f"\nExecStart={self.root}/bin/sendad --config {self.root}/etc/senda/sendad.lua\n", unit)
        self.assertIn(f"\nExecReload={self.root}/bin/sendactl reload ", unit)
        self.assertIn(f"\nExecPaths={self.root}/bin/sendad {self.root}/bin/sendactl ", unit)
        self.assertIn(f"'{self.root}/share/senda/journeys'", self.read("share/bash-completion/completions/sendactl"))
        self.assertIn(": good, ", run(f"{self.root}/bin/sendad", "--config", f"{self.root}/etc/senda/sendad.lua", "--check",
                                      "--state", f"{self.root}/state", "--listen", "tcp:127.0.0.1:0", "--control", ""))
        packages = os.environ | {"PKG_CONFIG_PATH": f"{self.root}/{LIBDIR}/pkgconfig"}
        self.assertIn(f"-L{self.root}/{LIBDIR} -lsenda", run("pkg-config", "--libs", "libsenda", env=packages))
        self.assertIn(f"-I{self.root}/include", run("pkg-config", "--cflags", "libsenda", env=packages))

    def test_a_changed_configuration_stays(self):
        self.assertNotIn("Kept", self.install(self.root))
        with open(f"{self.root}/etc/senda/sendad.lua", "w", encoding="utf-8") as file:
            file.write("-- ours\n")
        self.assertIn(f"Kept: {self.root}/etc/senda/sendad.lua", self.install(self.root))
        self.assertEqual(self.read("etc/senda/sendad.lua"), "-- ours\n")

    def test_the_system_itself_is_configured_in_etc(self):
        self.install("/usr", DESTDIR=self.root)
        self.assertIn('site = "/usr/share/senda/shop"', self.read("etc/senda/sendad.lua"))
        self.assertIn("ExecStart=/usr/bin/sendad --config /etc/senda/sendad.lua\n",
                      self.read("usr/lib/systemd/system/sendad.service"))


if __name__ == "__main__":
    unittest.main()
