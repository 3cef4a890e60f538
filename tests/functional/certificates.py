"""Certificates for tests, made with the openssl command: an authority, and what it signs."""

import os
import subprocess

NAMES = "DNS:localhost,IP:127.0.0.1,IP:::1"


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Authority:
    """A root certificate in a folder, and certificates for localhost that it signs."""

    def __init__(self, folder):
        self.folder = folder
        self.certificate, self.key = self.path("root.pem"), self.path("root.key")
        os.makedirs(folder, exist_ok=True)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=an authority of tests", "-keyout", self.key, "-out", self.certificate)

    def path(self, name):
        return os.path.join(self.folder, name)

    def sign(self, name, names=NAMES, kind=("ec", "-pkeyopt", "ec_paramgen_curve:P-256")):
        """Paths of a certificate for these names and of its key."""
        certificate, key, request = self.path(name + ".pem"), self.path(name + ".key"), self.path(name + ".csr")
        extensions = self.path(name + ".ext")
        with open(extensions, "w") as file:
            file.write(f"subjectAltName={names}\n")
        openssl("req", "-new", "-newkey", *kind, "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-days", "2",
                "-extfile", extensions, "-out", certificate)
        os.chmod(key, 0o600)
        return certificate, key
