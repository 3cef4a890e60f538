"""Runs a program against a daemon with the shop's site: {unix} and {tcp} stand for its addresses, SENDA_ADDRESS says one."""

import os
import subprocess
import sys

from harness import SHOP, Daemon


def main(command):
    daemon = Daemon(SHOP, tcp=True, log_level="warning")
    try:
        daemon.wait_ready()
        places = {"{unix}": daemon.address, "{tcp}": daemon.tcp_address()}
        environment = dict(os.environ, SENDA_ADDRESS=daemon.address)
        code = subprocess.run([places.get(word, word) for word in command], env=environment, check=False).returncode
        daemon.signal(15)
        return code or daemon.wait_exit()
    finally:
        daemon.destroy()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
