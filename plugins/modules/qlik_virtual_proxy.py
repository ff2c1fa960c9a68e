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
  - Creates, changes, links, or removes one virtual proxy through the repository's REST API.
  - Options that are not set are not changed on the site. An empty value clears the setting on
    the site. You cannot clear required and numeric options.
  - A write restarts the proxy services that serve the virtual proxy and ends their sessions. The
    module writes an entity only if it differs, and at most once.
  - Settings that this module does not know are not changed.
  - To undo a change in one task, pass the returned RV(before) to O(restore).
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.qrs
  - qlikops.sense._qrs
requirements:
  - cryptography >= 42.0.4, if something changes
attributes:
  check_mode:
    support: full
    details:
      - IDs, dates, and values that the server sets on creation are not predicted.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  prefix:
    description:
      - Prefix of the virtual proxy. This is the part of the URL between the host and the page.
      - The prefix identifies the virtual proxy, so it cannot be changed. It must be lowercase and
        must not contain a slash.
      - An empty value selects the default virtual proxy. You can change it, but you cannot create
        or remove it.
      - Required unless O(restore) is set.
    type: str
  state:
    description:
      - Desired state of the virtual proxy.
      - With V(absent), all options except the connection options and O(allow_restart) are ignored.
    type: str
    choices:
      - present
      - absent
    default: present
  description:
    description:
      - Description in the QMC list of virtual proxies.
    type: str
  session_cookie_header_name:
    description:
      - Name of the session cookie. It must be unique among the virtual proxies.
      - "Default for a new virtual proxy: C(X-Qlik-Session-<prefix>)."
    type: str
  session_cookie_domain:
    description:
      - Domain of the session cookie, such as V(example.com).
    type: str
  session_inactivity_timeout:
    description:
      - Number of minutes without activity after which a session ends, from 1 to 71582.
    type: int
  authentication_method:
    description:
      - Authentication method of the virtual proxy.
      - You can set V(jwt) and V(ticket). The other methods are valid only if the virtual proxy
        already has them.
      - "Default for a new virtual proxy: V(jwt)."
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
      - Whether users can access the site without authentication.
    type: str
    choices:
      - none
      - allow
      - always
  jwt_certificate:
    description:
      - X.509 certificate as PEM. Its public key verifies the tokens.
      - Base64 without the BEGIN and END lines, and quoted lines, are accepted. The module writes
        PEM to the site.
      - The module compares the certificate by content. It ignores different line endings and text
        around the certificate.
      - A public key without a certificate, or a private key, is not valid.
      - Required with O(authentication_method=jwt).
    type: str
  jwt_attribute_user_id:
    description:
      - Name of the claim that contains the user ID. The name is case-sensitive.
      - The names C(exp), C(nbf), C(iat), C(aud), C(iss), and C(jti) are reserved and not valid.
      - Required with O(authentication_method=jwt).
    type: str
  jwt_attribute_user_directory:
    description:
      - Name of the claim that contains the user directory, or a fixed directory in square brackets,
        such as C([JWT]). The name is case-sensitive.
      - Required with O(authentication_method=jwt).
    type: str
  jwt_audience:
    description:
      - Expected claim C(aud) of a token. With an empty value, the virtual proxy ignores the claim.
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
          - Whether the virtual proxy rejects tokens without this claim.
        type: bool
        default: false
  load_balancing_nodes:
    description:
      - Nodes whose engines serve the sessions, by name, host name, or ID. V(central) selects the
        central node. V(all) selects all nodes of the site at the time of the run.
      - The list replaces the list on the site.
      - "Default for a new virtual proxy: V(central)."
    type: list
    elements: str
  host_allow_list:
    description:
      - Host names that clients use in the URL, without scheme, port, or path. The list does not
        restrict the addresses of clients.
      - Order and case are ignored.
      - The module rejects entries with spaces, commas, or other characters that are not allowed in
        host names. It does not validate entries that are already on the site.
      - A string is also valid, with one entry per line, with entries separated by commas, or with a
        list in YAML or JSON. This also applies to the other lists of strings.
    type: list
    elements: str
  host_allow_list_mode:
    description:
      - Whether O(host_allow_list) replaces the list on the site or is added to it.
    type: str
    choices:
      - replace
      - append
    default: replace
  proxies:
    description:
      - Proxy services that serve the virtual proxy, by the name, host name, or ID of their node.
        V(central) selects the proxy service on the central node. V(all) selects all proxy services.
      - A virtual proxy without a proxy service is not reachable. On a site with several nodes, the
        proxy service on the central node must also serve it.
      - "Default for a new virtual proxy: V(central)."
    type: list
    elements: str
  proxies_mode:
    description:
      - Whether O(proxies) is added to the proxy services that already serve the virtual proxy, or
        replaces them.
    type: str
    choices:
      - append
      - replace
    default: append
  authentication_module_redirect_uri:
    description:
      - Absolute C(http) or C(https) URI to which users are redirected for authentication. A virtual
        proxy with JWT ignores it.
    type: str
  additional_response_headers:
    description:
      - Headers that the proxy adds to its responses, as a mapping from name to value. A value can
        be a list, for a header that occurs several times.
      - Values with line breaks or control characters are not valid.
    type: dict
  windows_authentication_enabled_device_pattern:
    description:
      - Text in the user agent by which the proxy recognizes clients that support Windows
        authentication.
    type: str
  extended_security_environment:
    description:
      - Whether requests contain details about the client's environment, for use in security rules.
    type: bool
  use_sticky_load_balancing:
    description:
      - Whether the sessions of a user stay on one engine.
    type: bool
  secure_attribute_https:
    description:
      - Whether the session cookie has the attribute C(Secure) over HTTPS.
    type: bool
  secure_attribute_http:
    description:
      - Whether the session cookie has the attribute C(Secure) over plain HTTP.
    type: bool
  same_site_attribute_https:
    description:
      - C(SameSite) attribute of the session cookie over HTTPS.
    type: str
    choices:
      - no_attribute
      - none
      - lax
      - strict
  same_site_attribute_http:
    description:
      - C(SameSite) attribute of the session cookie over plain HTTP.
    type: str
    choices:
      - no_attribute
      - none
      - lax
      - strict
  tags:
    description:
      - Names of the tags of the virtual proxy. The module creates tags that do not exist on the
        site.
    type: list
    elements: str
  tags_mode:
    description:
      - Whether O(tags) replaces the list on the site or is added to it.
    type: str
    choices:
      - replace
      - append
    default: replace
  custom_properties:
    description:
      - Custom properties of the virtual proxy, as a mapping from the name to a value or to a list
        of values. The mapping is complete, so values that it does not contain are removed.
      - The custom properties must exist in QMC for the resource type virtual proxies.
    type: dict
  allow_restart:
    description:
      - Whether proxy services may restart. If V(false), the module fails before the first write
        that would restart a proxy service and end its sessions.
    type: bool
    default: true
  restore:
    description:
      - RV(before) of an earlier task. The module restores the virtual proxy and its links, or
        removes the virtual proxy if it did not exist.
      - Mutually exclusive with all options except the connection options and O(allow_restart).
      - The module overwrites changes that were made since. The server sets IDs and dates. Secrets
        are not restored, because C(before) does not contain them. A warning lists the secrets that
        a re-created virtual proxy has lost.
      - The prefix identifies the virtual proxy, even if its ID has changed. The module fails if
        C(before) is from another site, or if it contains nodes, proxy services, or custom
        properties that no longer exist. It creates tags that no longer exist.
      - The module fails if the server does not store an option of this module. A warning lists
        other properties that the server does not store. If only such properties differ and the user
        of this task wrote the virtual proxy last, the module does not write them again.
      - The module never removes the default virtual proxy from a proxy service.
    type: dict
seealso:
  - ref: Roll back a change <ansible_collections.qlikops.sense.docsite.rollback>
    description: How to keep RV(before), in a block with C(rescue) or for later.
  - module: qlikops.sense.qlik_virtual_proxies
  - module: qlikops.sense.qlik_virtual_proxy_info
  - module: qlikops.sense.qlik_jwt_probe
"""

EXAMPLES = r"""
- name: Create a virtual proxy for the JWT logins of a portal
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

- name: Change one setting
  qlikops.sense.qlik_virtual_proxy:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    prefix: portal
    session_inactivity_timeout: 60
  register: changed

- name: Undo this change
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
    - Virtual proxy after the task, with the option names as keys. In check mode, the predicted
      virtual proxy, without values that the server sets on creation. Null if the virtual proxy does
      not exist.
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
    - ID of the virtual proxy. Null if it does not exist, and in check mode before its creation.
  returned: success
  type: str
  sample: d4b844ba-66cc-4a38-aa6c-8d0516641bc2
before:
  description:
    - State before the task, without secrets, even if nothing changed. Pass it to O(restore).
  returned: success, and when a write failed
  type: dict
  contains:
    prefix:
      description:
        - Prefix of the virtual proxy.
      type: str
      returned: success
    entity:
      description:
        - Complete virtual proxy as the repository returned it. Null if it did not exist.
      type: dict
      returned: success
    proxies:
      description:
        - IDs of the proxy services that served it.
      type: list
      elements: str
      returned: success
    site:
      description:
        - IDs of all proxy services of the site. O(restore) uses them to identify the site.
      type: list
      elements: str
      returned: success
    left_out:
      description:
        - Properties with a secret, which C(entity) does not contain.
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
    - Nodes whose proxy service serves the virtual proxy after the task, or as predicted in check
      mode.
  returned: success
  type: list
  elements: str
  sample: [Central]
proxies_restarted:
  description:
    - Number of restarts of each proxy service because of this task, by the name of its node. In
      check mode, predicted restarts.
  returned: success
  type: dict
  sample:
    Central: 1
sessions_ending:
  description:
    - Number of sessions of each proxy service that would be restarted, by the name of its node.
      These sessions would end. The module reads them from the proxy's administration port (4243
      unless the proxy has another one) at its node's host name, with the client certificate.
    - Null for a proxy service that did not return a list of sessions within a few seconds. The
      module does not fail in that case.
  returned: in check mode, when a proxy service would be restarted, with O(auth=certificate)
  type: dict
  sample:
    Central: 17
    rim1:
requests:
  description:
    - Number of requests to the repository.
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
