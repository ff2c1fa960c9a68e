#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_virtual_proxies."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_virtual_proxies
short_description: Manage the virtual proxies of a whole Qlik Sense Enterprise on Windows site
version_added: 1.0.0
description:
  - Creates, changes, links or removes any number of virtual proxies in one task, and on request
    removes those that are no longer in the list.
  - The site is read once, each virtual proxy is written once at most, and each proxy service is
    written once at most, however many virtual proxies it starts to serve. So creating fifty ends
    the sessions of a proxy service once, not fifty times.
  - Everything is planned before anything is written. What cannot be in one of the entries keeps all
    of them from being written.
  - A server may cut the list of virtual proxies, so what is not in it is taken for absent only when
    the server's own count shows that the list is whole.
  - When a write fails, the message says what was done and what was not, and the next run does the
    rest. What was created and no proxy service serves yet is removed again.
  - What it returns as RV(before) undoes all of it in one task, with O(restore).
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
  virtual_proxies:
    description:
      - The virtual proxies, each with the options of M(qlikops.sense.qlik_virtual_proxy).
      - An option that is not given is left alone on the site. An option that is given empty is
        cleared; required and numeric ones cannot be cleared.
      - What M(qlikops.sense.qlik_virtual_proxy_info) returns can be given back as it is.
      - Required unless O(restore) is given.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - What M(qlikops.sense.qlik_virtual_proxy_info) returns beside the options. It is not
            looked at, for the prefix names the virtual proxy.
        type: str
      prefix:
        description:
          - Prefix of the virtual proxy, the part of the address between the host and the page.
          - It names the virtual proxy, so it cannot be changed. It is lower case and has no slash.
          - An empty prefix stands for the default virtual proxy, which can be changed, but neither
            created nor removed.
        type: str
        required: true
      state:
        description:
          - Whether the virtual proxy shall exist.
          - With V(absent), every other option of the entry but O(virtual_proxies[].allow_restart)
            is ignored.
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
          - V(jwt) and V(ticket) can be set. The others are accepted only where the virtual proxy
            has them already.
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
          - It is compared by content. Other line ends, or text around the certificate, are no
            change.
          - Required with O(virtual_proxies[].authentication_method=jwt). A bare public key or a
            private key is refused.
        type: str
      jwt_attribute_user_id:
        description:
          - Name of the claim that holds the user id. Upper and lower case are different.
          - The names C(exp), C(nbf), C(iat), C(aud), C(iss), and C(jti) are reserved and not valid.
          - Required with O(virtual_proxies[].authentication_method=jwt).
        type: str
      jwt_attribute_user_directory:
        description:
          - Name of the claim that holds the user directory, or a fixed directory in square
            brackets, such as C([JWT]). Upper and lower case are different.
          - Required with O(virtual_proxies[].authentication_method=jwt).
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
          - The nodes whose engines serve the sessions, by name, host name or id. V(central) stands
            for the central node, V(all) for every node.
          - A new virtual proxy gets V(central) when this is not given.
        type: list
        elements: str
      host_allow_list:
        description:
          - Host names that clients write in the address, without scheme, port or path. It does not
            say where clients may come from.
          - Order, and upper or lower case, are no change.
          - Entries with spaces, commas, or other characters that no host name has are not valid.
            Entries that are already on the site are not validated.
          - Like every list of texts, it may be a text with one entry per line or separated by
            commas, or a list in YAML or JSON.
        type: list
        elements: str
      host_allow_list_mode:
        description:
          - Whether O(virtual_proxies[].host_allow_list) is the whole list, or is added to what is
            there.
        type: str
        choices:
          - replace
          - append
        default: replace
      proxies:
        description:
          - The proxy services that shall serve the virtual proxy, by the name, host name or id of
            their node. V(central) stands for the one on the central node, V(all) for every one.
          - A virtual proxy that no proxy service serves is dead. On a site with several nodes it
            has to be served by the central one too.
          - A new virtual proxy gets V(central) when this is not given.
        type: list
        elements: str
      proxies_mode:
        description:
          - Whether O(virtual_proxies[].proxies) is added to the proxy services that serve it
            already, or replaces them.
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
          - Headers that the proxy adds to its answers, as a mapping from name to value. A value may
            be a list, for a header that comes more than once.
          - Values with line breaks or control characters are not valid.
        type: dict
      windows_authentication_enabled_device_pattern:
        description:
          - Text in the user agent by which the proxy recognises clients that can log in with
            Windows authentication.
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
          - Whether O(virtual_proxies[].tags) is the whole list, or is added to what is there.
        type: str
        choices:
          - replace
          - append
        default: replace
      custom_properties:
        description:
          - Custom properties of the virtual proxy, as a mapping from the name of each to its value
            or to a list of its values. It is the whole mapping, so what is not in it is taken away.
          - Each must have been made in QMC, for the resource type virtual proxies.
        type: dict
      allow_restart:
        description:
          - V(false) fails before the first write when changing this virtual proxy would restart a
            proxy service and so end sessions.
        type: bool
        default: true
  prune:
    description:
      - Whether to remove virtual proxies for JWT that carry O(prune_tag) and are not in
        O(virtual_proxies).
      - The default virtual proxy, and one with another method of authentication, are never removed.
      - Refused when no entry of O(virtual_proxies) shall be present, when more than O(prune_limit)
        would go, and when the repository does not show that its list is whole.
    type: bool
    default: false
  prune_tag:
    description:
      - Tag of the virtual proxies that this task manages. It is set on each that shall be present,
        beside its other tags, except on the default virtual proxy.
      - Required with O(prune=true). Use one tag for each list, or one list removes the other's.
    type: str
  prune_limit:
    description:
      - How many virtual proxies O(prune) may remove in one run.
    type: int
    default: 5
  allow_restart:
    description:
      - V(false) fails before the first write when anything in this task, removals included, would
        restart a proxy service and so end sessions.
    type: bool
    default: true
  restore:
    description:
      - What an earlier task returned as RV(before). Each of its virtual proxies becomes what it was
        then, as with O(qlikops.sense.qlik_virtual_proxy#module:restore); the others are left alone.
      - It stands alone. Beside it, only the connection's options and O(allow_restart) may be given.
      - It costs what O(virtual_proxies) costs. Each virtual proxy and each proxy service is written
        once at most.
    type: list
    elements: dict
seealso:
  - name: Undo a change in one task
    description: How a C(before) is kept, in a block with rescue or for later.
    link: https://github.com/qlikops/sense/blob/main/docs/rollback.md
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_virtual_proxy_info
"""

EXAMPLES = r"""
- name: Bring the virtual proxies of the site in order, and remove those that left the list
  qlikops.sense.qlik_virtual_proxies:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    prune: true
    prune_tag: ansible
    virtual_proxies:
      - prefix: portal
        description: Login for the portal
        jwt_certificate: "{{ lookup('ansible.builtin.file', 'portal.crt') }}"
        jwt_attribute_user_id: userId
        jwt_attribute_user_directory: userDirectory
        host_allow_list:
          - qlik.example.com
          - portal.example.com
      - prefix: reports
        description: Login for the reports
        jwt_certificate: "{{ lookup('ansible.builtin.file', 'portal.crt') }}"
        jwt_attribute_user_id: userId
        jwt_attribute_user_directory: "[REPORTS]"

- name: Read every virtual proxy of the site
  qlikops.sense.qlik_virtual_proxy_info:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
  register: site

- name: Give them back as they are, which changes nothing
  qlikops.sense.qlik_virtual_proxies:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    virtual_proxies: "{{ site.virtual_proxies }}"
  register: given_back

- name: Undo what that did, which is nothing
  qlikops.sense.qlik_virtual_proxies:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    restore: "{{ given_back.before }}"
"""

RETURN = r"""
virtual_proxies:
  description:
    - What became of each entry of O(virtual_proxies) or O(restore), in their order.
  returned: success
  type: list
  elements: dict
  contains:
    prefix:
      description:
        - The prefix of the entry.
      type: str
      returned: success
    changed:
      description:
        - Whether anything was written for it, links included, or in check mode would be.
      type: bool
      returned: success
    virtual_proxy:
      description:
        - The virtual proxy in the words of the options, as it is afterwards; in check mode as it
          would be, without what the server itself sets on creation. Null when there is none.
      type: dict
      returned: success
    id:
      description:
        - The id of the virtual proxy; null when there is none, and in check mode before it is
          created.
      type: str
      returned: success
    links:
      description:
        - The nodes whose proxy service serves the virtual proxy afterwards, or would.
      type: list
      elements: str
      returned: success
  sample:
    - prefix: portal
      changed: true
      virtual_proxy:
        prefix: portal
        authentication_method: jwt
        proxies: [Central]
      id: d4b844ba-66cc-4a38-aa6c-8d0516641bc2
      links: [Central]
before:
  description:
    - What was there before, of each virtual proxy that is changed, created or removed, those that
      are pruned included; each as RV(qlikops.sense.qlik_virtual_proxy#module:before). O(restore)
      takes the list.
  returned: success, and when a write failed
  type: list
  elements: dict
  sample:
    - prefix: portal
      entity:
      proxies: []
      site: [5e3ae0b9-7d4c-4b4e-9a6a-0f0f6c0a7f43]
      left_out: []
pruned:
  description:
    - The prefixes of the virtual proxies that were removed because they are not in the list, or in
      check mode would be.
  returned: success
  type: list
  elements: str
  sample: [old-portal]
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
  sample: 4
"""

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._connection import CONNECTION_EXCLUSIVE, connection_spec
from ..module_utils._modules.virtual_proxy import run_virtual_proxies
from ..module_utils._modules.virtual_proxy_options import COMPARED, virtual_proxies_spec
from ..module_utils._runtime import run


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec={**connection_spec(), **virtual_proxies_spec()},
        mutually_exclusive=CONNECTION_EXCLUSIVE,
        required_one_of=[("virtual_proxies", "restore")],
        required_if=[("prune", True, ["prune_tag"])],
        supports_check_mode=True,
    )
    require(module, "requests")
    run(module, run_virtual_proxies, compared=COMPARED)


if __name__ == "__main__":
    main()
