#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_proxy_service."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_proxy_service
short_description: Manage settings of the proxy services of Qlik Sense Enterprise on Windows
version_added: 1.0.0
description:
  - Changes settings of proxy services that exist, through the repository's REST API. A proxy
    service comes and goes with its node, so it is neither created nor removed here.
  - An option that is not given is left alone on the site, and written back as it was read, like
    everything that this module does not know.
  - A write restarts the proxy service and ends its sessions, so nothing is written without a
    difference, and each proxy service is written once at most.
  - Which virtual proxies a proxy service serves is a matter of
    M(qlikops.sense.qlik_virtual_proxy).
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.qrs
  - qlikops.sense._qrs
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  proxies:
    description:
      - The proxy services, by the name, host name or id of their node, or by their own id.
        V(central) stands for the one on the central node, V(all) for every one.
    type: list
    elements: str
    required: true
  allow_http:
    description:
      - Whether the proxy also listens on O(http_port), without encryption. Whoever listens on the
        network then reads tokens and session cookies.
    type: bool
  http_port:
    description:
      - Port for plain HTTP, from 1 to 65535.
    type: int
  https_port:
    description:
      - Port for HTTPS, from 1 to 65535. Clients have to know it, when it is not 443.
    type: int
  max_header_size_bytes:
    description:
      - Bytes that all headers of a request may have together, from 512 to 131072. A token travels
        in one of them.
    type: int
  max_header_lines:
    description:
      - Number of header lines that a request may have, from 20 to 1000.
    type: int
  keep_alive_timeout_seconds:
    description:
      - Seconds for which an idle connection is kept open, from 1 to 300.
    type: int
  ssl_browser_certificate_thumbprint:
    description:
      - Thumbprint of the certificate that browsers see, 40 hexadecimal digits. The certificate has
        to be in the certificate store of the node, with its private key.
      - Upper and lower case, spaces and colons are no change.
      - Empty, the proxy shows the certificate that Qlik Sense made itself.
    type: str
  kerberos_authentication:
    description:
      - Whether Windows authentication takes Kerberos tickets.
    type: bool
  allow_restart:
    description:
      - V(false) fails before the first write that would restart a proxy service and so end
        sessions.
    type: bool
    default: true
seealso:
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_virtual_proxy_info
"""

EXAMPLES = r"""
- name: Take longer tokens on every proxy
  qlikops.sense.qlik_proxy_service:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    proxies: all
    max_header_size_bytes: 32768

- name: Close plain HTTP on the central node, in the maintenance window only
  qlikops.sense.qlik_proxy_service:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    proxies: central
    allow_http: false
    allow_restart: "{{ in_maintenance | default(false) }}"
"""

RETURN = r"""
proxy_services:
  description:
    - The chosen proxy services as they are afterwards, in check mode as they would be. Each has the
      options that are settings as keys, and C(node), C(id) and C(host_name).
  returned: success
  type: list
  elements: dict
  sample:
    - node: Central
      id: 4f29bd1e-3b7c-4a5e-8a31-8d0f2c3c4a10
      host_name: qlik.example.com
      allow_http: false
      http_port: 80
      https_port: 443
      max_header_size_bytes: 32768
      max_header_lines: 100
      keep_alive_timeout_seconds: 10
      ssl_browser_certificate_thumbprint: ""
      kerberos_authentication: false
before:
  description:
    - The same proxy services as they were before.
  returned: success, and when a write failed
  type: list
  elements: dict
  sample:
    - node: Central
      max_header_size_bytes: 16384
proxies_restarted:
  description:
    - How often each proxy service is restarted by what was written, or in check mode would be, by
      the name of its node.
  returned: success
  type: dict
  sample:
    Central: 1
requests:
  description:
    - How many requests were sent to the repository.
  returned: success
  type: int
  sample: 1
"""

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._connection import CONNECTION_EXCLUSIVE, connection_spec
from ..module_utils._modules.proxy_service import COMPARED, proxy_service_spec, run_proxy_service
from ..module_utils._runtime import run


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec={**connection_spec(), **proxy_service_spec()},
        mutually_exclusive=CONNECTION_EXCLUSIVE,
        supports_check_mode=True,
    )
    require(module, "requests")
    run(module, run_proxy_service, compared=COMPARED)


if __name__ == "__main__":
    main()
