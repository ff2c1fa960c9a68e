#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_virtual_proxy."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_virtual_proxy
short_description: Manage a virtual proxy of Qlik Sense Enterprise on Windows
version_added: 1.0.0
description:
  - Creates, changes, links or removes one virtual proxy through the repository's REST API.
  - An option that is not given is left alone on the site. An option that is given empty is cleared;
    required and numeric ones cannot be cleared.
  - A write restarts the proxy services that serve the virtual proxy and ends their sessions, so
    nothing is written without a difference, and each entity is written once at most.
  - Settings that this module does not know are written back as they were read.
  - What it returns as RV(before) undoes a change in one task, with O(restore).
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.qrs
  - qlikops.sense._qrs
requirements:
  - cryptography >= 42, when something changes
attributes:
  check_mode:
    support: full
    details:
      - Ids, dates and the values that the server itself sets on creation are not predicted.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  prefix:
    description:
      - Prefix of the virtual proxy, the part of the address between the host and the page.
      - It names the virtual proxy, so it cannot be changed. It is lower case and has no slash.
      - An empty prefix stands for the default virtual proxy, which can be changed, but neither
        created nor removed.
      - Required unless O(restore) is given.
    type: str
  state:
    description:
      - Whether the virtual proxy shall exist.
      - With V(absent), every option but the connection's and O(allow_restart) is ignored.
    type: str
    choices:
      - present
      - absent
    default: present
  description:
    description:
      - What QMC shows in its list of virtual proxies.
    type: str
  session_cookie_header_name:
    description:
      - Name of the session cookie. No two virtual proxies may have the same.
      - A new virtual proxy gets C(X-Qlik-Session-<prefix>) when this is not given.
    type: str
  session_cookie_domain:
    description:
      - Domain of the session cookie, such as V(example.com).
    type: str
  session_inactivity_timeout:
    description:
      - Minutes of inactivity after which a session ends, from 1 to 71582.
    type: int
  authentication_method:
    description:
      - How the virtual proxy authenticates users.
      - V(jwt) and V(ticket) can be set. The others are accepted only where the virtual proxy has
        them already.
      - A new virtual proxy gets V(jwt) when this is not given.
    type: str
    choices:
      - ticket
      - header_static
      - header_dynamic
      - saml
      - jwt
      - oidc
  anonymous_access_mode:
    description:
      - Whether users may come in without authentication.
    type: str
    choices:
      - none
      - allow
      - always
  jwt_certificate:
    description:
      - The X.509 certificate, as PEM, whose public key verifies the tokens.
      - Base64 without the BEGIN and END lines, and quoted lines, are accepted. The site gets PEM.
      - It is compared by content. Other line ends, or text around the certificate, are no change.
      - Required with O(authentication_method=jwt). A bare public key or a private key is refused.
    type: str
  jwt_attribute_user_id:
    description:
      - Name of the claim that holds the user id. Upper and lower case are different.
      - The names C(exp), C(nbf), C(iat), C(aud), C(iss), and C(jti) are reserved and not valid.
      - Required with O(authentication_method=jwt).
    type: str
  jwt_attribute_user_directory:
    description:
      - Name of the claim that holds the user directory, or a fixed directory in square brackets,
        such as C([JWT]). Upper and lower case are different.
      - Required with O(authentication_method=jwt).
    type: str
  jwt_audience:
    description:
      - What the claim C(aud) of a token has to be. Empty, it is not looked at.
    type: str
  jwt_attribute_map:
    description:
      - Claims that become attributes of the session, for use in security rules.
    type: list
    elements: dict
    suboptions:
      jwt_attribute:
        description:
          - Name of the claim.
        type: str
        required: true
      sense_attribute:
        description:
          - Name of the attribute in Qlik Sense.
        type: str
        required: true
      mandatory:
        description:
          - Whether a token without this claim is refused.
        type: bool
        default: false
  load_balancing_nodes:
    description:
      - The nodes whose engines serve the sessions, by name, host name or id. V(central) stands for
        the central node, V(all) for every node.
      - A new virtual proxy gets V(central) when this is not given.
    type: list
    elements: str
  host_allow_list:
    description:
      - Host names that clients write in the address, without scheme, port or path. It does not say
        where clients may come from.
      - Order, and upper or lower case, are no change.
      - Entries with spaces, commas, or other characters that no host name has are not valid.
        Entries that are already on the site are not validated.
      - Like every list of texts, it may be a text with one entry per line or separated by
        commas, or a list in YAML or JSON.
    type: list
    elements: str
  host_allow_list_mode:
    description:
      - Whether O(host_allow_list) is the whole list, or is added to what is there.
    type: str
    choices:
      - replace
      - append
    default: replace
  proxies:
    description:
      - The proxy services that shall serve the virtual proxy, by the name, host name or id of their
        node. V(central) stands for the one on the central node, V(all) for every one.
      - A virtual proxy that no proxy service serves is dead. On a site with several nodes it has to
        be served by the central one too.
      - A new virtual proxy gets V(central) when this is not given.
    type: list
    elements: str
  proxies_mode:
    description:
      - Whether O(proxies) is added to the proxy services that serve it already, or replaces them.
    type: str
    choices:
      - append
      - replace
    default: append
  authentication_module_redirect_uri:
    description:
      - Where users are sent to authenticate. A virtual proxy with JWT ignores it.
      - An absolute C(http) or C(https) URI.
    type: str
  additional_response_headers:
    description:
      - Headers that the proxy adds to its answers, as a mapping from name to value. A value may be
        a list, for a header that comes more than once.
      - Values with line breaks or control characters are not valid.
    type: dict
  windows_authentication_enabled_device_pattern:
    description:
      - Text in the user agent by which the proxy recognises clients that can log in with Windows
        authentication.
    type: str
  extended_security_environment:
    description:
      - Whether details of the client's environment are sent with a request, for security rules.
    type: bool
  use_sticky_load_balancing:
    description:
      - Whether a user's sessions stay on one engine.
    type: bool
  secure_attribute_https:
    description:
      - Whether the session cookie is marked C(Secure) over HTTPS.
    type: bool
  secure_attribute_http:
    description:
      - Whether the session cookie is marked C(Secure) over plain HTTP.
    type: bool
  same_site_attribute_https:
    description:
      - The C(SameSite) attribute of the session cookie over HTTPS.
    type: str
    choices:
      - no_attribute
      - none
      - lax
      - strict
  same_site_attribute_http:
    description:
      - The C(SameSite) attribute of the session cookie over plain HTTP.
    type: str
    choices:
      - no_attribute
      - none
      - lax
      - strict
  tags:
    description:
      - Tags of the virtual proxy, by name. One that the site does not have is created.
    type: list
    elements: str
  tags_mode:
    description:
      - Whether O(tags) is the whole list, or is added to what is there.
    type: str
    choices:
      - replace
      - append
    default: replace
  custom_properties:
    description:
      - Custom properties of the virtual proxy, as a mapping from the name of each to its value or
        to a list of its values. It is the whole mapping, so what is not in it is taken away.
      - Each must have been made in QMC, for the resource type virtual proxies.
    type: dict
  allow_restart:
    description:
      - V(false) fails before the first write that would restart a proxy service and so end
        sessions.
    type: bool
    default: true
  restore:
    description:
      - What an earlier task returned as RV(before). The virtual proxy becomes what it was then,
        with its links, or is removed where there was none.
      - It stands alone. Beside it, only the connection's options and O(allow_restart) may be given.
      - What it holds wins over what somebody changed since. Ids and dates are the server's, and so
        are secrets, which a C(before) does not hold. A warning says which ones a virtual proxy that
        is made anew has lost.
      - The virtual proxy is known by its prefix, whatever its id is by now. A C(before) of another
        site is refused, and so is one that names nodes, proxy services or custom properties that
        are gone. Tags that are gone are created.
      - Fails when the server does not store an option of this module. A warning names other
        properties that it does not store. If only such properties differ and the user of this
        task wrote the virtual proxy last, they are not written again.
      - The default virtual proxy is never taken from a proxy service.
    type: dict
seealso:
  - name: Undo a change in one task
    description: How a C(before) is kept, in a block with rescue or for later.
    link: https://github.com/qlikops/sense/blob/main/docs/rollback.md
  - module: qlikops.sense.qlik_virtual_proxies
  - module: qlikops.sense.qlik_virtual_proxy_info
  - module: qlikops.sense.qlik_jwt_probe
"""

EXAMPLES = r"""
- name: Let a portal log users in with a token
  qlikops.sense.qlik_virtual_proxy:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    prefix: portal
    description: Login for the portal
    jwt_certificate: "{{ lookup('ansible.builtin.file', 'portal.crt') }}"
    jwt_attribute_user_id: userId
    jwt_attribute_user_directory: userDirectory
    host_allow_list:
      - qlik.example.com
      - portal.example.com
    load_balancing_nodes: all
    proxies: all

- name: Change one setting and leave everything else alone
  qlikops.sense.qlik_virtual_proxy:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    prefix: portal
    session_inactivity_timeout: 60
  register: changed

- name: Put back what was there before that
  qlikops.sense.qlik_virtual_proxy:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    restore: "{{ changed.before }}"

- name: Remove a virtual proxy
  qlikops.sense.qlik_virtual_proxy:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    prefix: portal
    state: absent
"""

RETURN = r"""
virtual_proxy:
  description:
    - The virtual proxy in the words of the options, as it is afterwards; in check mode as it would
      be, without what the server itself sets on creation. Null when there is none.
  returned: success
  type: dict
  sample:
    prefix: portal
    authentication_method: jwt
    jwt_attribute_user_id: userId
    jwt_attribute_user_directory: userDirectory
    host_allow_list: [qlik.example.com]
    load_balancing_nodes: [Central]
    proxies: [Central]
id:
  description:
    - The id of the virtual proxy; null when there is none, and in check mode before it is created.
  returned: success
  type: str
  sample: d4b844ba-66cc-4a38-aa6c-8d0516641bc2
before:
  description:
    - What was there before, without secrets, also when nothing changes. O(restore) takes it.
  returned: success, and when a write failed
  type: dict
  contains:
    prefix:
      description:
        - The prefix of the virtual proxy.
      type: str
      returned: success
    entity:
      description:
        - The whole virtual proxy as the repository returned it; null when there was none.
      type: dict
      returned: success
    proxies:
      description:
        - The ids of the proxy services that served it.
      type: list
      elements: str
      returned: success
    site:
      description:
        - The ids of every proxy service of the site, by which O(restore) knows it again.
      type: list
      elements: str
      returned: success
    left_out:
      description:
        - The properties that held a secret, which is not in C(entity).
      type: list
      elements: str
      returned: success
  sample:
    prefix: portal
    entity:
    proxies: []
    site: [5e3ae0b9-7d4c-4b4e-9a6a-0f0f6c0a7f43]
    left_out: []
links:
  description:
    - The nodes whose proxy service serves the virtual proxy afterwards, or would.
  returned: success
  type: list
  elements: str
  sample: [Central]
proxies_restarted:
  description:
    - How often each proxy service is restarted by what was written, or in check mode would be, by
      the name of its node.
  returned: success
  type: dict
  sample:
    Central: 1
sessions_ending:
  description:
    - How many sessions each proxy service has that would be restarted, and so would end, by the
      name of its node. They are asked for at the proxy's own administration port (4243 unless it
      has another one), at its node's host name, with the client certificate.
    - Null for a proxy service that did not answer within a few seconds, or not with a list of
      sessions. It is never a reason to fail.
  returned: in check mode, when a proxy service would be restarted, with O(auth=certificate)
  type: dict
  sample:
    Central: 17
    rim1:
requests:
  description:
    - How many requests were sent to the repository.
  returned: success
  type: int
  sample: 2
"""

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._connection import CONNECTION_EXCLUSIVE, connection_spec
from ..module_utils._modules.virtual_proxy import run_virtual_proxy
from ..module_utils._modules.virtual_proxy_options import COMPARED, single_spec
from ..module_utils._runtime import run


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec={**connection_spec(), **single_spec()},
        mutually_exclusive=CONNECTION_EXCLUSIVE,
        required_one_of=[("prefix", "restore")],
        supports_check_mode=True,
    )
    require(module, "requests")
    run(module, run_virtual_proxy, compared=COMPARED)


if __name__ == "__main__":
    main()
