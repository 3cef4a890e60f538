#!/usr/bin/env python3
"""Each check finds what it is there for, and leaves alone what is right."""

import os
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
PLAN = "TO" + "DO"
HOME = "/ho" + "me/me/senda"
HOST = "https://registry" + ".example.org/x"


class CheckTest(unittest.TestCase):
    """Runs a check over a tree that is made for it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def write(self, path, text, mode=0o644):
        whole = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(whole, mode)
        return whole

    def check(self, name, *arguments):
        return subprocess.run([os.path.join(HERE, name), *(arguments or [self.root])], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)

    def assert_good(self, name, *arguments):
        ran = self.check(name, *arguments)
        self.assertEqual(ran.returncode, 0, ran.stdout)

    def assert_found(self, name, *problems, arguments=()):
        ran = self.check(name, *arguments)
        self.assertEqual(ran.returncode, 1, ran.stdout)
        for problem in problems:
            self.assertIn(problem, ran.stdout)


class IncludeDirection(CheckTest):
    """check_include_direction"""

    def test_down_and_beside(self):
        self.write("daemon/base/error.h", "#include <stddef.h>\n")
        self.write("daemon/wire/frame.c", '#include "base/error.h"\n#include "wire/frame.h"\n')
        self.write("daemon/script/site.c", '#include <lua.h>\n#include "catalogue/item.h"\n')
        self.write("daemon/serve/server.c", '#include <sys/socket.h>\n#include "flow/flow.h"\n')
        self.write("daemon/ctl/ask.c", '#include "senda/client.h"\n#include "flow/flow.h"\n')
        self.write("daemon/main.c", '#include "config/config.h"\n#include "supervise/supervisor.h"\n')
        self.assert_good("check_include_direction")

    def test_up(self):
        self.write("daemon/wire/frame.c", '#include "base/error.h"\n#include "flow/flow.h"\n')
        self.assert_found("check_include_direction", "daemon/wire/frame.c:2: \"flow/flow.h\": wire does not stand on flow")

    def test_config_is_read_at_the_top_only(self):
        self.write("daemon/flow/flow.c", '#include "config/config.h"\n')
        self.assert_found("check_include_direction", "flow does not stand on config")

    def test_client_stands_alone(self):
        self.write("daemon/base/clock.h", "")
        self.write("daemon/base/text.h", "")
        self.write("daemon/base/text.c", "")
        self.write("daemon/client/client.c", '#include "base/clock.h"\n#include "base/text.h"\n')
        ran = self.check("check_include_direction")
        self.assertIn("daemon/client/client.c:2: ", ran.stdout)
        self.assertNotIn("daemon/client/client.c:1: ", ran.stdout)

    def test_lua_and_sockets_stay_where_they_belong(self):
        self.write("daemon/flow/flow.c", "#include <lauxlib.h>\n# include <netinet/in.h>\n")
        self.assert_found("check_include_direction", "flow.c:1: <lauxlib.h>", "flow.c:2: <netinet/in.h>")

    def test_bare_name_and_unknown_layer(self):
        self.write("daemon/flow/flow.c", '#include "stats.h"\n')
        self.write("daemon/attic/old.c", "")
        self.assert_found("check_include_direction", "flow.c:1: \"stats.h\": expected the path", "attic is no layer")


class Sizes(CheckTest):
    """check_sizes"""

    def write_function(self, lines):
        self.write("daemon/base/long.c", "/* One. */\n\nstatic int long_f(int a,\n                  int b)\n{\n"
                   + "    a++;\n" * (lines - 4) + "}\n")

    def test_small(self):
        self.write_function(60)
        self.assert_good("check_sizes")
        self.assertIn("1 functions under daemon/: median 60", self.check("check_sizes").stdout)

    def test_long_function(self):
        self.write_function(61)
        self.assert_found("check_sizes", "daemon/base/long.c:3: 61 lines")

    def test_long_file(self):
        self.write("daemon/base/long.c", "int x;\n" * 1001)
        self.assert_found("check_sizes", "daemon/base/long.c:1: 1001 lines")


class Files(CheckTest):
    """check_files"""

    def setUp(self):
        super().setUp()
        self.write("daemon/base/error.c", "/* Errors: what, where and why. */\n")
        self.write("daemon/base/error.h", "/* Errors: what, where and why. */\n#ifndef SENDA_BASE_ERROR_H\n"
                   "#define SENDA_BASE_ERROR_H\n#endif\n")

    def test_right(self):
        self.write("tests/bench/peers/mix.h", "/* The mix of requests. */\n#ifndef SENDA_BENCH_MIX_H\n"
                   "#define SENDA_BENCH_MIX_H\n#endif\n")
        self.assert_good("check_files")

    def test_no_sentence(self):
        self.write("daemon/base/error.c", "#include <stdio.h>\n")
        self.write("tests/run", "#!/bin/sh\nexit 0\n")
        self.assert_found("check_files", "daemon/base/error.c:1: expected a sentence", "tests/run:1: expected a sentence")

    def test_guards(self):
        self.write("daemon/base/text.h", "/* Texts and their lengths. */\n#ifndef SENDA_BASE_ERROR_H\n"
                   "#define SENDA_BASE_ERROR_H\n#endif\n")
        self.write("daemon/base/log.h", "/* Logs have no guard. */\n")
        self.assert_found("check_files", "text.h:1: include guard SENDA_BASE_ERROR_H is not named after",
                          "log.h:1: expected an include guard")


class Tested(CheckTest):
    """check_tested"""

    def setUp(self):
        super().setUp()
        self.write("daemon/base/error.c", "")
        self.write("daemon/base/error_text.c", "")
        self.write("tests/unit/base/test_error.c", "")

    def test_named_alike(self):
        self.assert_good("check_tested")

    def test_untested(self):
        self.write("daemon/wire/frame.c", "/* Frames and their ends. */\n")
        self.assert_found("check_tested", "daemon/wire/frame.c:1: no unit test")
        self.write("tests/checks/untested.txt", "# why\n\ndaemon/wire/ tried by tests/unit/base/test_error.c\n")
        self.assert_good("check_tested")

    def test_excuses(self):
        self.write("tests/checks/untested.txt", "daemon/base/error.c it is short\n")
        self.assert_found("check_tested", "untested.txt:1: daemon/base/error.c needs no excuse")
        self.write("daemon/wire/frame.c", "/* Frames and their ends. */\n")
        self.write("tests/checks/untested.txt", "daemon/wire/frame.c tried by tests/unit/none.c\n")
        self.assert_found("check_tested", "there is no tests/unit/none.c")
        self.write("tests/checks/untested.txt", "daemon/wire/frame.c\n")
        self.assert_found("check_tested", "the reason is missing")


class Words(CheckTest):
    """check_words"""

    def test_right(self):
        self.write("docs/page.md", f"See /var/lib/senda, /en/workshop/x and https://example.org/.\n{PLAN}(when two "
                   "stores are there): share this.\n")
        self.assert_good("check_words")

    def test_wrong(self):
        self.write("docs/page.md", f"{HOME}\n{HOST}\n{PLAN}: later\n{PLAN}(me): later\nblank \nreturn\r\n")
        self.assert_found("check_words", *[f"docs/page.md:{line}: " for line in range(1, 7)])


class Options(CheckTest):
    """compare_options"""

    def run_it(self, page="Set `deadline_ms` or `--workers`; `token` is a secret.\n",
               sample="-- deadline_ms = 20\n-- workers = 0\n-- token = \"\"\n",
               flags="  --deadline-ms=MS  time\\n  --workers=COUNT  processes\\n  -?, --help  this list\\n"):
        program = self.write("sendad", f"#!/bin/sh\ncase $1 in --help) printf '{flags}' ;; *) echo 'deadline_ms = 20';"
                             " echo 'workers = 0'; echo 'token = \"\"' ;; esac\n", 0o755)
        return [program, self.write("sendad.lua", sample), self.write("page.md", page)]

    def test_right(self):
        self.assert_good("compare_options", *self.run_it())

    def test_help(self):
        self.assert_found("compare_options", "--help: lacks workers", "--help: worker is no option", arguments=self.run_it(
            flags="  --deadline-ms=MS  time\\n  --worker=COUNT  processes\\n"))

    def test_sample(self):
        self.assert_found("compare_options", "lacks token", "deadline is no option", arguments=self.run_it(
            sample="-- deadline = 20\n-- deadline_ms = 1\n-- workers = 0\n"))

    def test_page(self):
        self.assert_found("compare_options", "says nothing about workers", "no flag --worker", "no flag --token",
                          arguments=self.run_it(page="`deadline_ms`, `--worker`, `--token`, workers\n"))


unittest.main()
