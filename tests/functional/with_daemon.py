"""Runs a program against a daemon with the shop's site: {unix} and {tcp} stand for its addresses, SENDA_ADDRESS says one."""

import os
import shutil
import subprocess
import sys
import tempfile

from harness import SHOP, Daemon


def main(command):
    state = tempfile.mkdtemp(prefix="senda-state-")
    daemon = Daemon(SHOP, tcp=True, log_level="warning", flags=["--state", state])
    try:
        daemon.wait_ready()
        places = {"{unix}": daemon.address, "{tcp}": daemon.tcp_address()}
        environment = dict(os.environ, SENDA_ADDRESS=daemon.address)
        code = subprocess.run([places.get(word, word) for word in command], env=environment, check=False).returncode
        daemon.signal(15)
        return code or daemon.wait_exit()
    finally:
        daemon.destroy()
        shutil.rmtree(state)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
