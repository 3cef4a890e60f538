"""Our own clients through TLS: they talk to whom they believe, and to nobody else."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from certificates import Authority
from harness import SENDACTL, SOURCE, TestCase, small
from process import DEADLINE

sys.path.insert(0, os.path.join(SOURCE, "clients/python"))
import senda  # noqa: E402

TOKEN = "correct horse battery staple"

NODE = """
const { Client } = require(process.argv[1]);
const [address, token, ca] = process.argv.slice(2);
const client = new Client(address, { token, ca: ca || undefined, timeoutMs: 20000 });
Promise.all(Array.from({ length: 200 }, () => client.hello({})))
  .then((replies) => console.log(JSON.stringify([replies.length, replies[0].server])))
  .catch((error) => console.log(JSON.stringify(error.toString())))
  .finally(() => client.close());
"""

PHP = """
require $argv[1];
try {
  $client = new Senda\\Client($argv[2], token: $argv[3], timeoutMs: 20000, ca: ($argv[4] ?? '') ?: null);
  $many = $client->pipeline();
  $replies = array_map(fn () => $many->hello(), range(1, 200));
  $replies = array_map(fn ($reply) => $reply->result(), $replies);
  echo json_encode([count($replies), $replies[0]['server']]);
} catch (Senda\\SendaError $error) {
  echo json_encode((string) $error);
}
"""


def python_client(address, ca):
    with senda.Client(address, token=TOKEN, timeout_ms=20000, ca=ca) as client:
        with client.pipeline() as many:
            replies = [many.hello() for _ in range(200)]
        return [len([reply.result() for reply in replies]), replies[0].result()["server"]]


async def python_async_client(address, ca):
    import asyncio
    async with senda.AsyncClient(address, token=TOKEN, timeout_ms=20000, ca=ca) as client:
        replies = await asyncio.gather(*[client.hello() for _ in range(200)])
    return [len(replies), replies[0]["server"]]


class OurClients(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="senda-tls-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.authority = Authority(cls.folder)
        # Nobody signs for 127.0.0.2, where the daemon listens, too.
        cls.pair = cls.authority.sign("localhost", "DNS:localhost,IP:127.0.0.1")

    def setUp(self):
        certificate, key = self.pair
        daemon = self.serve(small(), token=TOKEN,
                            flags=["--listen", "tls:127.0.0.1:0", "--listen", "tls:127.0.0.2:0",
                                   "--tls-certificate", certificate, "--tls-key", key])
        self.by_number, self.by_other = [address for address in daemon.listen if address.startswith("tls:")]
        self.by_name = self.by_number.replace("127.0.0.1", "localhost")

    def said(self, *command, **environment):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=DEADLINE,
                              env={**os.environ, **environment})
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def script(self, *command):
        return json.loads(self.said(*command)[1])

    def assert_believes_as_it_should(self, ask):
        """`ask` takes an address and a file of roots; it returns what came, or the error as a text."""
        for address in (self.by_name, self.by_number):
            self.assertEqual(ask(address, self.authority.certificate), [200, "senda"])
        for address, ca in [(self.by_name, None), (self.by_other, self.authority.certificate)]:
            self.assertRegex(str(ask(address, ca)), r"^(UNREACHABLE|TIMEOUT): ")

    def test_python(self):
        def ask(address, ca):
            try:
                return python_client(address, ca)
            except senda.SendaError as error:
                return error
        self.assert_believes_as_it_should(self.impatient(ask))

    def impatient(self, ask):
        """Nobody answers at an address that is not believed; no need to try for long."""
        def quick(address, ca):
            if ca is None or address == self.by_other:
                with senda.Client(address, token=TOKEN, timeout_ms=1000, ca=ca) as client:
                    try:
                        return client.ping()
                    except senda.SendaError as error:
                        self.assertRegex(str(error), "(?i)certificate")
                        return error
            return ask(address, ca)
        return quick

    def test_python_with_asyncio(self):
        import asyncio
        for address in (self.by_name, self.by_number):
            self.assertEqual(asyncio.run(python_async_client(address, self.authority.certificate)), [200, "senda"])

    def test_node(self):
        folder = os.path.join(SOURCE, "clients/node")
        client = os.path.join(folder, "senda.js")
        if not os.path.isdir(os.path.join(folder, "node_modules")):
            subprocess.run(["npm", "ci", "--prefix", folder], check=True, stdout=subprocess.DEVNULL)
        patience = NODE.replace("20000", "1000")
        self.assert_believes_as_it_should(
            lambda address, ca: self.script("node", "-e", NODE if ca and address != self.by_other else patience,
                                            client, address, TOKEN, ca or ""))

    def test_php(self):
        client = os.path.join(SOURCE, "clients/php/senda.php")
        patience = PHP.replace("20000", "1000")
        self.assert_believes_as_it_should(
            lambda address, ca: self.script("php", "-r", PHP if ca and address != self.by_other else patience,
                                            "--", client, address, TOKEN, ca or ""))
        for address, ca, why in [(self.by_name, "", "certificate verify failed"),
                                 (self.by_other, self.authority.certificate, "did not match")]:
            self.assertIn(why, str(self.script("php", "-r", patience, "--", client, address, TOKEN, ca)))

    def test_sendactl(self):
        for address in (self.by_name, self.by_number):
            code, out, err = self.said(SENDACTL, "ping", "--connect", address, "--ca", self.authority.certificate,
                                       SENDA_TOKEN=TOKEN)
            self.assertEqual(code, 0, out + err)
        code, _, _ = self.said(SENDACTL, "ask", "--placement", "hero", SENDA_ADDRESS=self.by_name,
                               SENDA_CA=self.authority.certificate, SENDA_TOKEN=TOKEN)
        self.assertEqual(code, 0)
        for address, options, what in [
                (self.by_name, [], "its certificate: unable to get local issuer certificate"),
                (self.by_name, [], "its certificate"),
                (self.by_other, ["--ca", self.authority.certificate], "its certificate: IP address mismatch"),
                (self.by_name, ["--ca", "/nonexistent/ca"], "/nonexistent/ca: cannot be read: No such file or directory")]:
            code, _, err = self.said(SENDACTL, "ping", "--connect", address, *options, SENDA_TOKEN=TOKEN)
            self.assertEqual(code, 3, err)
            self.assertIn(what, err)

    def test_sendactl_with_much_to_say(self):
        """Longer than a record, and than what the socket takes at once."""
        code, out, err = self.said(SENDACTL, "ask", "--placement", "hero", "--context", "long=" + "x" * 100000,
                                   "--connect", self.by_name, "--ca", self.authority.certificate, SENDA_TOKEN=TOKEN)
        self.assertEqual(code, 0, out + err)

    def test_sendactl_speaks_plainly_to_nobody_who_expects_tls(self):
        code, _, err = self.said(SENDACTL, "ping", "--connect", self.by_name.replace("tls:", "tcp:"), SENDA_TOKEN=TOKEN)
        self.assertEqual(code, 3, err)


if __name__ == "__main__":
    unittest.main()
