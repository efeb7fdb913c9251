"""nginx with the configuration of the repository, in front of a web that runs already."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.machine.parts.engines import PartMissing
from tests.machine.parts.processes import ROOT, Part, free_port

# What Debian's nginx.conf and that of the image have around it.
_AROUND: Final = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    {paths}
    include {folder}/okrtracker.conf;
}}
"""
_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Proxy:
    def __init__(self, folder: Path, *, web: int, static: Path) -> None:
        nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if nginx is None:
            raise PartMissing("no nginx")
        folder.mkdir(exist_ok=True)
        _make_certificate(folder)
        self.plain_port, self.port = free_port(), free_port()
        values = {
            "SERVER_NAME": "127.0.0.1",
            "UPSTREAM": f"127.0.0.1:{web}",
            "CERTIFICATES": str(folder),
            "STATIC_ROOT": str(static),
            "HTTP_PORT": f"127.0.0.1:{self.plain_port}",
            "HTTPS_PORT": f"127.0.0.1:{self.port}",
            "PROXY_PARAMS": str(ROOT / "deploy/proxy.conf"),
        }
        template = (ROOT / "deploy/nginx.conf.template").read_text(encoding="utf-8")
        filled = re.sub(r"\$\{(\w+)\}", lambda match: values[match[1]], template)
        (folder / "okrtracker.conf").write_text(filled, encoding="utf-8")
        paths = "\n".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY)
        main = folder / "nginx.conf"
        main.write_text(_AROUND.format(folder=folder, paths=paths), encoding="utf-8")
        command = [nginx, "-p", str(folder), "-e", "stderr", "-c", str(main)]
        self.part = Part("nginx", command, folder / "nginx.log")


def _make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
