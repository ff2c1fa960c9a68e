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
  - Creates, changes, links, or removes any number of virtual proxies in one task. It can also
    remove virtual proxies that are no longer in the list.
  - The module reads the site once. It writes each virtual proxy and each proxy service at most
    once. Fifty new virtual proxies therefore restart a proxy service once, not fifty times.
  - The module plans all changes before the first write. If an entry is not valid, it writes
    nothing.
  - A server can truncate the list of virtual proxies. The module treats a virtual proxy that is not
    in the list as absent only if the server's own count shows that the list is complete.
  - If a write fails, the module removes new virtual proxies that no proxy service serves yet. The
    message lists the completed and the missing changes, and the next run continues.
  - To undo all changes in one task, pass the returned RV(before) to O(restore).
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
  virtual_proxies:
    description:
      - Virtual proxies, each with the options of M(qlikops.sense.qlik_virtual_proxy).
      - Options that are not set are not changed on the site. An empty value clears the setting on
        the site. You cannot clear required and numeric options.
      - You can pass the result of M(qlikops.sense.qlik_virtual_proxy_info) unchanged.
      - Required unless O(restore) is set.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - ID in the result of M(qlikops.sense.qlik_virtual_proxy_info). It is ignored, because the
            prefix identifies the virtual proxy.
        type: str
      prefix:
        description:
          - Prefix of the virtual proxy. This is the part of the URL between the host and the page.
          - The prefix identifies the virtual proxy, so it cannot be changed. It must be lowercase
            and must not contain a slash.
          - An empty value selects the default virtual proxy. You can change it, but you cannot
            create or remove it.
        type: str
        required: true
      state:
        description:
          - Desired state of the virtual proxy.
          - With V(absent), all other options of the entry except O(virtual_proxies[].allow_restart)
            are ignored.
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
          - Base64 without the BEGIN and END lines, and quoted lines, are accepted. The module
            writes PEM to the site.
          - The module compares the certificate by content. It ignores different line endings and
            text around the certificate.
          - A public key without a certificate, or a private key, is not valid.
          - Required with O(virtual_proxies[].authentication_method=jwt).
        type: str
      jwt_attribute_user_id:
        description:
          - Name of the claim that contains the user ID. The name is case-sensitive.
          - The names C(exp), C(nbf), C(iat), C(aud), C(iss), and C(jti) are reserved and not valid.
          - Required with O(virtual_proxies[].authentication_method=jwt).
        type: str
      jwt_attribute_user_directory:
        description:
          - Name of the claim that contains the user directory, or a fixed directory in square
            brackets, such as C([JWT]). The name is case-sensitive.
          - Required with O(virtual_proxies[].authentication_method=jwt).
        type: str
      jwt_audience:
        description:
          - Expected claim C(aud) of a token. With an empty value, the virtual proxy ignores the
            claim.
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
          - Nodes whose engines serve the sessions, by name, host name, or ID. V(central) selects
            the central node. V(all) selects all nodes of the site at the time of the run.
          - The list replaces the list on the site.
          - "Default for a new virtual proxy: V(central)."
        type: list
        elements: str
      host_allow_list:
        description:
          - Host names that clients use in the URL, without scheme, port, or path. The list does not
            restrict the addresses of clients.
          - Order and case are ignored.
          - The module rejects entries with spaces, commas, or other characters that are not allowed
            in host names. It does not validate entries that are already on the site.
          - A string is also valid, with one entry per line, with entries separated by commas, or
            with a list in YAML or JSON. This also applies to the other lists of strings.
        type: list
        elements: str
      host_allow_list_mode:
        description:
          - Whether O(virtual_proxies[].host_allow_list) replaces the list on the site or is added
            to it.
        type: str
        choices:
          - replace
          - append
        default: replace
      proxies:
        description:
          - Proxy services that serve the virtual proxy, by the name, host name, or ID of their
            node. V(central) selects the proxy service on the central node. V(all) selects all proxy
            services.
          - A virtual proxy without a proxy service is not reachable. On a site with several nodes,
            the proxy service on the central node must also serve it.
          - "Default for a new virtual proxy: V(central)."
        type: list
        elements: str
      proxies_mode:
        description:
          - Whether O(virtual_proxies[].proxies) is added to the proxy services that already serve
            the virtual proxy, or replaces them.
        type: str
        choices:
          - append
          - replace
        default: append
      authentication_module_redirect_uri:
        description:
          - Absolute C(http) or C(https) URI to which users are redirected for authentication. A
            virtual proxy with JWT ignores it.
        type: str
      additional_response_headers:
        description:
          - Headers that the proxy adds to its responses, as a mapping from name to value. A value
            can be a list, for a header that occurs several times.
          - Values with line breaks or control characters are not valid.
        type: dict
      windows_authentication_enabled_device_pattern:
        description:
          - Text in the user agent by which the proxy recognizes clients that support Windows
            authentication.
        type: str
      extended_security_environment:
        description:
          - Whether requests contain details about the client's environment, for use in security
            rules.
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
          - Whether O(virtual_proxies[].tags) replaces the list on the site or is added to it.
        type: str
        choices:
          - replace
          - append
        default: replace
      custom_properties:
        description:
          - Custom properties of the virtual proxy, as a mapping from the name to a value or to a
            list of values. The mapping is complete, so values that it does not contain are removed.
          - The custom properties must exist in QMC for the resource type virtual proxies.
        type: dict
      allow_restart:
        description:
          - Whether this virtual proxy may restart proxy services. If V(false), the module fails
            before the first write if a change of this virtual proxy would restart a proxy service
            and end its sessions.
        type: bool
        default: true
  defaults:
    description:
      - Options of O(virtual_proxies) that apply to each entry that does not set them. All options
        except O(virtual_proxies[].prefix) and O(virtual_proxies[].id) are valid.
      - Options that an entry does not need, such as those of a JWT for an entry with
        O(virtual_proxies[].state=absent), are ignored there.
    type: dict
  clear:
    description:
      - Names of options to clear in each entry that does not set them.
      - O(virtual_proxies[].host_allow_list), O(virtual_proxies[].proxies), and
        O(virtual_proxies[].tags) are then replaced by an empty list.
    type: list
    elements: str
  default_jwt_certificate:
    description:
      - Certificate for each entry with JWT that has no O(virtual_proxies[].jwt_certificate), such
        as the certificate that M(qlikops.sense.qlik_keypair) returned.
    type: str
  prune:
    description:
      - Whether to remove virtual proxies for JWT that have the tag O(prune_tag) and are not in
        O(virtual_proxies).
      - The default virtual proxy, and virtual proxies with another authentication method, are never
        removed.
      - The module fails if no entry of O(virtual_proxies) has the state V(present), if it would
        remove more than O(prune_limit) virtual proxies, or if the repository does not show that its
        list is complete.
    type: bool
    default: false
  prune_tag:
    description:
      - Tag of the virtual proxies that this task manages. The module adds it to each virtual proxy
        with the state V(present), except to the default virtual proxy.
      - Use a separate tag for each list. Otherwise, the task for one list removes the virtual
        proxies of the other.
      - Required with O(prune=true).
    type: str
  prune_limit:
    description:
      - Maximum number of virtual proxies that O(prune) may remove in one run.
    type: int
    default: 5
  allow_restart:
    description:
      - Whether proxy services may restart. If V(false), the module fails before the first write if
        any change in this task, including removals, would restart a proxy service and end its
        sessions.
    type: bool
    default: true
  restore:
    description:
      - RV(before) of an earlier task. The module restores each of its virtual proxies, as with
        O(qlikops.sense.qlik_virtual_proxy#module:restore). It does not change other virtual
        proxies.
      - Mutually exclusive with all options except the connection options and O(allow_restart).
      - As with O(virtual_proxies), the module writes each virtual proxy and each proxy service at
        most once.
    type: list
    elements: dict
seealso:
  - ref: Roll back a change <ansible_collections.qlikops.sense.docsite.rollback>
    description: How to keep RV(before), in a block with C(rescue) or for later.
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_virtual_proxy_info
"""

EXAMPLES = r"""
- name: Ensure the virtual proxies of the site, and remove those that are no longer in the list
  qlikops.sense.qlik_virtual_proxies:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    prune: true
    prune_tag: ansible
    defaults:
      jwt_attribute_user_id: userId
      jwt_attribute_user_directory: userDirectory
    default_jwt_certificate: "{{ lookup('ansible.builtin.file', 'portal.crt') }}"
    virtual_proxies:
      - prefix: portal
        description: Login for the portal
        host_allow_list:
          - qlik.example.com
          - portal.example.com
      - prefix: reports
        description: Login for the reports
        jwt_attribute_user_directory: "[REPORTS]"

- name: Read all virtual proxies of the site
  qlikops.sense.qlik_virtual_proxy_info:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
  register: site

- name: Pass them unchanged, which changes nothing
  qlikops.sense.qlik_virtual_proxies:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    virtual_proxies: "{{ site.virtual_proxies }}"
  register: passed

- name: Undo the previous task
  qlikops.sense.qlik_virtual_proxies:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    restore: "{{ passed.before }}"
"""

RETURN = r"""
virtual_proxies:
  description:
    - Result for each entry of O(virtual_proxies) or O(restore), in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    prefix:
      description:
        - Prefix of the entry.
      type: str
      returned: success
    changed:
      description:
        - Whether the module wrote a change of the virtual proxy or its links, or would write one in
          check mode.
      type: bool
      returned: success
    virtual_proxy:
      description:
        - Virtual proxy after the task, with the option names as keys. In check mode, the predicted
          virtual proxy, without values that the server sets on creation. Null if the virtual proxy
          does not exist.
      type: dict
      returned: success
    id:
      description:
        - ID of the virtual proxy. Null if it does not exist, and in check mode before its creation.
      type: str
      returned: success
    links:
      description:
        - Nodes whose proxy service serves the virtual proxy after the task, or as predicted in
          check mode.
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
    - State before the task of each virtual proxy that is changed, created, removed, or pruned. The
      entries are as in RV(qlikops.sense.qlik_virtual_proxy#module:before). Pass the list to
      O(restore).
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
    - Prefixes of the virtual proxies that O(prune) removed, or would remove in check mode.
  returned: success
  type: list
  elements: str
  sample: [old-portal]
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
  sample: 4
"""

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._connection import CONNECTION_EXCLUSIVE, connection_spec
from ..module_utils._modules.virtual_proxies_arguments import VirtualProxiesModule
from ..module_utils._modules.virtual_proxy import run_virtual_proxies
from ..module_utils._modules.virtual_proxy_options import COMPARED, virtual_proxies_spec
from ..module_utils._runtime import run


def main() -> None:
    """Run the module."""
    module = VirtualProxiesModule(
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
