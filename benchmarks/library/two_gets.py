# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least that a module can do here: two GETs with requests, and their JSON.

What ``qlik_virtual_proxy`` is measured against. It reads what that module reads, with the same
authority and client certificate, compares nothing, and explains no error.
"""

from __future__ import annotations

import secrets
import string
import urllib.parse

import requests

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: two_gets
short_description: Read a virtual proxy and the proxy services
description:
  - For the benchmark.
"""


def main() -> None:
    """Read, and tell how much came."""
    names = ("host", "client_cert_path", "client_key_path", "ca_path", "prefix")
    spec = {name: {"type": "str", "required": True} for name in names}
    module = AnsibleModule({**spec, "port": {"type": "int"}}, supports_check_mode=True)
    params = module.params
    key = "".join(secrets.choice(string.ascii_letters) for dummy in range(16))
    session = requests.Session()
    session.trust_env = False
    session.cert = (params["client_cert_path"], params["client_key_path"])
    session.verify = params["ca_path"]
    session.headers["X-Qlik-Xrfkey"] = key
    session.headers["X-Qlik-User"] = "UserDirectory=INTERNAL; UserId=sa_api"
    found = {}
    for kind, query in (
        ("virtualproxyconfig", {"filter": f"prefix eq '{params['prefix']}'"}),
        ("proxyservice", {}),
    ):
        search = urllib.parse.urlencode({"Xrfkey": key, **query}, quote_via=urllib.parse.quote)
        url = f"https://{params['host']}:{params['port']}/qrs/{kind}/full?{search}"
        answer = session.get(url, timeout=60)
        answer.raise_for_status()
        found[kind] = len(answer.json())
    module.exit_json(changed=False, found=found)


if __name__ == "__main__":
    main()
