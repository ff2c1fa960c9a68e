#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_virtual_proxy_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_virtual_proxy_info
short_description: Read the virtual proxies of Qlik Sense Enterprise on Windows
version_added: 1.0.0
description:
  - Reads virtual proxies, proxy services, and nodes from the repository. Returns them with the
    option names of M(qlikops.sense.qlik_virtual_proxy) as keys.
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.info
  - qlikops.sense._attributes.qrs
  - qlikops.sense._qrs
requirements:
  - cryptography >= 42.0.4, with O(judge=true)
options:
  prefix:
    description:
      - Prefix of the virtual proxy to read. An empty value selects the default virtual proxy.
        By default, the module reads all virtual proxies.
    type: str
  judge:
    description:
      - Whether to return what the repository alone proves to be wrong with the virtual proxies for
        JWT. Examples are an expired certificate, a missing link, or anonymous access.
      - The module does not log in. Use M(qlikops.sense.qlik_jwt_probe) for findings that require a
        login.
    type: bool
    default: false
seealso:
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_jwt_probe
"""

EXAMPLES = r"""
- name: Read all virtual proxies of the site
  qlikops.sense.qlik_virtual_proxy_info:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
  register: site

- name: Print which proxies serve the prefix portal
  ansible.builtin.debug:
    msg: "{{ site.proxies | selectattr('prefixes', 'contains', 'portal') | map(attribute='node') }}"
"""

RETURN = r"""
virtual_proxies:
  description:
    - Virtual proxies, each with the options of M(qlikops.sense.qlik_virtual_proxy) as keys, and its
      C(id).
    - Empty if O(prefix) is set and the virtual proxy does not exist.
  returned: success
  type: list
  elements: dict
  sample:
    - prefix: portal
      id: d4b844ba-66cc-4a38-aa6c-8d0516641bc2
      authentication_method: jwt
      jwt_attribute_user_id: userId
      jwt_attribute_user_directory: userDirectory
      host_allow_list: [qlik.example.com]
      load_balancing_nodes: [Central]
      proxies: [Central]
judgements:
  description:
    - Certificate and findings of each virtual proxy with JWT.
  returned: with O(judge=true)
  type: list
  elements: dict
  contains:
    prefix:
      description:
        - Prefix of the virtual proxy.
      type: str
      returned: always
    certificate:
      description:
        - C(subject), C(fingerprint) of the public key, C(certificate_fingerprint), C(not_before),
          C(not_after), and C(size) of its JWT certificate. Null if the certificate cannot be read.
      type: dict
      returned: always
    days_left:
      description:
        - Number of days until the certificate expires. Negative if it has expired. Null without a
          certificate.
      type: int
      returned: always
    findings:
      description:
        - Findings, as in RV(qlikops.sense.qlik_jwt_probe#module:findings).
      type: list
      elements: dict
      returned: always
  sample:
    - prefix: portal
      certificate:
        subject: CN=portal
        fingerprint: "5E:0B:…:9A"
        certificate_fingerprint: "C1:77:…:02"
        not_before: "2026-11-02T08:30:00Z"
        not_after: "2028-11-01T08:30:00Z"
        size: 3072
      days_left: 730
      findings: []
proxies:
  description:
    - Proxy services, each with its C(id), C(node), C(host_name), the C(prefixes) that it serves,
      C(allow_http), C(http_port), and C(https_port).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 4f29bd1e-3b7c-4a5e-8a31-8d0f2c3c4a10
      node: Central
      host_name: qlik.example.com
      prefixes: ["", portal]
      allow_http: false
      http_port: 80
      https_port: 443
nodes:
  description:
    - Nodes of the site, each with its C(id), C(name), C(host_name), and whether it is C(central).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0b6c7b5e-9d35-4f0e-8d3c-1f0b8f4c2a11
      name: Central
      host_name: qlik.example.com
      central: true
about:
  description:
    - Information about the repository, such as C(buildVersion).
  returned: success
  type: dict
  sample:
    buildVersion: 38.22.0.0
requests:
  description:
    - Number of requests to the repository.
  returned: success
  type: int
  sample: 4
"""

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._connection import CONNECTION_EXCLUSIVE, connection_spec
from ..module_utils._modules.virtual_proxy_info import info_spec, run_info
from ..module_utils._runtime import run


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec={**connection_spec(), **info_spec()},
        mutually_exclusive=CONNECTION_EXCLUSIVE,
        supports_check_mode=True,
    )
    require(module, "requests")
    run(module, run_info)


if __name__ == "__main__":
    main()
