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
  - Changes settings of existing proxy services through the repository's REST API. It does not
    create or remove proxy services, because each one exists as long as its node.
  - Options that are not set are not changed on the site. Settings that this module does not know
    are not changed either.
  - A write restarts the proxy service and ends its sessions. The module writes a proxy service only
    if a setting differs, and at most once.
  - Use M(qlikops.sense.qlik_virtual_proxy) to set which virtual proxies a proxy service serves.
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
      - Proxy services to manage, by the name, host name, or ID of their node, or by their own ID.
        V(central) selects the proxy service on the central node. V(all) selects all proxy services.
    type: list
    elements: str
    required: true
  allow_http:
    description:
      - Whether the proxy also listens on O(http_port) without encryption. Anyone on the network
        path can then read tokens and session cookies.
    type: bool
  http_port:
    description:
      - Port for plain HTTP, from 1 to 65535.
    type: int
  https_port:
    description:
      - Port for HTTPS, from 1 to 65535. Clients must use this port in the URL if it is not 443.
    type: int
  max_header_size_bytes:
    description:
      - Maximum size of all headers of a request in bytes, from 512 to 131072. A token is sent in a
        header.
    type: int
  max_header_lines:
    description:
      - Maximum number of header lines of a request, from 20 to 1000.
    type: int
  keep_alive_timeout_seconds:
    description:
      - Number of seconds for which an idle connection stays open, from 1 to 300.
    type: int
  ssl_browser_certificate_thumbprint:
    description:
      - Thumbprint of the certificate that the proxy presents to browsers, 40 hexadecimal digits.
        The certificate must be in the certificate store of the node, with its private key.
      - Case, spaces, and colons are ignored.
      - With an empty value, the proxy presents the certificate that Qlik Sense created.
    type: str
  kerberos_authentication:
    description:
      - Whether Windows authentication accepts Kerberos tickets.
    type: bool
  allow_restart:
    description:
      - Whether proxy services may restart. If V(false), the module fails before the first write
        that would restart a proxy service and end its sessions.
    type: bool
    default: true
seealso:
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_virtual_proxy_info
"""

EXAMPLES = r"""
- name: Accept longer tokens on all proxies
  qlikops.sense.qlik_proxy_service:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    proxies: all
    max_header_size_bytes: 32768

- name: Disable plain HTTP on the central node, only in the maintenance window
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
    - Selected proxy services after the task, or as predicted in check mode. The keys are the
      options that are settings, and C(node), C(id), and C(host_name).
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
    - The same proxy services before the task.
  returned: success, and when a write failed
  type: list
  elements: dict
  sample:
    - node: Central
      max_header_size_bytes: 16384
proxies_restarted:
  description:
    - Number of restarts of each proxy service because of this task, by the name of its node. In
      check mode, predicted restarts.
  returned: success
  type: dict
  sample:
    Central: 1
requests:
  description:
    - Number of requests to the repository.
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
