#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_jwt_probe."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_jwt_probe
short_description: Log in through a JWT virtual proxy and report why a login fails
version_added: 1.0.0
description:
  - Logs in with a token as a client does, step by step, and validates every response. If a login
    fails, the module fails with the cause and the remedy.
  - A proxy does not report why it rejects a token. If you set the connection options (O(host) and
    so on), the module compares the token with the virtual proxy, its links, its nodes, and the user
    in the repository, so that the cause is proven. Otherwise, the module reports what the responses
    of the proxy reveal.
  - Every finding has a code that does not change between releases. RV(verdict) is the code of the
    finding that explains the outcome. This is the first error in the order in which fixing one
    error reveals the next.
  - The module never changes virtual proxies, proxies, or nodes. However, the first login of a user
    creates that user in the repository, and opening the hub or an app can assign a license.
  - A signed token is as good as a password. The module does not send it, or a session cookie, over
    plain HTTP unless O(allow_insecure_transport) is V(true).
  - If the repository can be read, the module sends the token only to a host name of a node with a
    proxy service, to a host that the host allow list of the virtual proxy matches, or to one of
    O(trusted_hosts). For other hosts, the module does not log in, and the finding is
    C(host_not_allowed). If O(host) is set but the repository cannot be read, the module sends the
    token only to O(host) and to O(trusted_hosts).
  - Without O(host), the module cannot check whether the host in O(url) belongs to the site. It
    sends the token to the host in O(url), so use a URL from a source that you trust.
  - The module opens at most one session, and one more for each bad token that the virtual proxy
    accepts. It ends these sessions as specified by O(end_session), even if the module fails.
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.qrs
  - qlikops.sense._qrs
  - qlikops.sense._key
requirements:
  - websockets >= 13.1 (optional Python library; without it, the check V(engine) validates only the
    WebSocket handshake and adds a note to its step)
attributes:
  check_mode:
    support: partial
    details:
      - The module does not open a session. It validates the options, compares the token with the
        repository, and sends one request that cannot log in to check whether the proxy responds.
      - If no error is found, RV(verdict) is V(not_tried).
  diff_mode:
    support: none
    details:
      - The module does not change anything that a diff could show.
  idempotent:
    support: full
    details:
      - The state changes only if O(allow_user_creation=true) and the first login creates the user.
options:
  url:
    description:
      - Address of the proxy as clients use it, with scheme and host, but without the prefix. Add
        the port if it is not the default port of the scheme.
      - Environment variable E(QLIK_URL).
    type: str
    required: true
  prefix:
    description:
      - Prefix of the virtual proxy. An empty value selects the default virtual proxy.
    type: str
    required: true
  token:
    description:
      - Token to log in with. Use this option instead of the options that create a token.
      - Without a private key, the module cannot create an expired token, so the check V(negative)
        does not include one.
    type: str
  user_id_claim:
    description:
      - Name of the claim that contains O(user_id). The name is case-sensitive.
      - "Default: the name in the virtual proxy if the repository can be read, otherwise V(userId)."
    type: str
  user_directory_claim:
    description:
      - Name of the claim that contains O(user_directory). The name is case-sensitive.
      - "Default: the name in the virtual proxy if the repository can be read, otherwise
        V(userDirectory)."
    type: str
  allow_insecure_transport:
    description:
      - Whether to allow sending the token and the session cookie over plain HTTP. Anyone on the
        network path can read them and log in as the user.
      - If V(false) and O(url) begins with C(http://), the module sends nothing to the proxy, and
        the finding C(insecure_transport) is an error.
    type: bool
    default: false
  trusted_hosts:
    description:
      - Full host names or IP addresses that may receive a token even if the repository does not
        contain them.
      - Use it if the repository cannot be read. Also use it for the name of a load balancer on
        releases before autumn 2019, which do not check the host allow list.
      - Names are compared as a whole, without regard to case. Wildcards are not valid.
      - Set it in the inventory. Do not allow users of job templates to set it.
    type: list
    elements: str
    default: []
  app_id:
    description:
      - ID of an app. The module requests its page and opens a WebSocket for it. It does not open
        the app itself.
      - By default, the module requests the hub, and opens a WebSocket to the engine without an app.
    type: str
  page_path:
    description:
      - Path of the page to request, below the prefix. The response must have status 200 and must
        not be an error page or a login form.
      - By default, the module requests the page of the app, or the hub.
    type: str
  origin:
    description:
      - Origin of the page that opens the WebSocket, such as V(https://portal.example.com), if Qlik
        Sense is embedded in another site.
      - "Default: the origin of O(url)."
    type: str
  checks:
    description:
      - Checks to run in addition to the login.
      - V(session) sends only the cookie. The proxy must recognize the session and must not open a
        second one.
      - V(identity) requests who is logged in.
      - V(page) requests a page.
      - V(engine) opens a WebSocket, reads the engine's greeting, and requests its version. It does
        not open an app, because that loads the app into the engine's memory and can use up a user's
        license. Without the library C(websockets), it validates only the handshake.
      - V(negative) sends tokens that the proxy must reject. One has no signature, one is signed
        with a temporary key, and one expired a day ago. If the module does not read the repository,
        it also sends a login without a token.
    type: list
    elements: str
    choices:
      - session
      - identity
      - page
      - engine
      - negative
    default:
      - session
      - identity
      - page
      - engine
      - negative
  expect:
    description:
      - Expected result of the login.
      - With V(allowed), the login must succeed.
      - With V(denied), the proxy must reject the login, for example because its key was replaced. A
        finding about route, token, certificate, or user is then the expected result. The module
        still fails if it cannot reach the proxy, because the proxy has not rejected anything.
    type: str
    choices:
      - allowed
      - denied
    default: allowed
  fail_on:
    description:
      - Minimum level of findings that fail the task. With V(never), the module only returns the
        findings.
    type: str
    choices:
      - error
      - warning
      - never
    default: error
  allow_user_creation:
    description:
      - Whether to allow the login to create its user. If V(false) and the repository does not
        contain the user, the module does not log in, and the finding is C(user_unknown).
      - If the module does not read the repository, it logs in with either value. Specify an
        existing user in that case.
    type: bool
    default: false
  url_ca_path:
    description:
      - Path of the certificate authorities to trust for O(url), as PEM or DER. Text around the
        certificates is ignored, in any encoding.
      - If neither this option nor O(url_ca_content) is set, the module trusts the authorities of
        the system.
      - The module fails if another user could have written the file, see O(ca_path).
    type: path
  url_ca_content:
    description:
      - Content of the certificate authority as PEM. Use this option instead of O(url_ca_path).
    type: str
  url_validate_certs:
    description:
      - Whether to verify the proxy's certificate. If V(false), any server on the network path can
        impersonate the proxy and receive the token, and the finding C(insecure_transport) is a
        warning.
    type: bool
    default: true
  url_tls_server_name:
    description:
      - Name to expect in the proxy's certificate. It has no effect on which host may receive a
        token.
      - "Default: the host of O(url)."
    type: str
  wait:
    description:
      - Number of seconds to wait for a proxy that restarts, for example after a change. The module
        retries while connections fail or break, or while the proxy responds as if it were not
        ready. It does not retry if the repository proves the cause.
      - A proxy reads new settings some time after they were written, and uses the previous ones
        until then. The module therefore also retries a rejected login, for at most 30 seconds. It
        does not do so with O(expect=denied).
    type: int
    default: 0
  end_session:
    description:
      - How to end the session.
      - V(own) ends only this session, through the administration port of the proxy. This requires
        the connection options with O(auth=certificate), because the port accepts only the site's
        client certificate.
      - V(user) ends all sessions of the user at this virtual proxy, with the user's own cookie. It
        logs out a person who works with the same account.
      - V(auto) uses V(own). If that port does not respond, it uses V(user) for a user that this run
        created. Otherwise, the session stays open until it times out, and the finding is
        C(session_left_open).
      - V(never) keeps the session open until it times out.
    type: str
    choices:
      - auto
      - own
      - user
      - never
    default: auto
  qps_port:
    description:
      - Administration port of the proxy, which can end a single session.
    type: int
    default: 4243
  host:
    description:
      - Host name or address of the node with the repository, usually the central node. By default,
        the module does not read the repository.
      - Environment variable E(QLIK_HOST).
    type: str
    required: false
  timeout:
    description:
      - Timeout in seconds for one request to the repository or to the proxy, from the connection to
        the last byte of the response. An idle proxy needs 15 to 21 seconds for its first response.
      - Environment variable E(QLIK_TIMEOUT).
    type: int
    default: 60
seealso:
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_jwt_token
"""

EXAMPLES = r"""
- name: Verify that users can log in with the key of the portal
  qlikops.sense.qlik_jwt_probe:
    url: https://qlik.example.com
    prefix: portal
    private_key_path: /etc/portal/jwt.key
    user_id: probe
    user_directory: PORTAL
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    wait: 60

- name: Verify the page of an app from a client, without access to the repository
  qlikops.sense.qlik_jwt_probe:
    url: https://qlik.example.com
    prefix: portal
    token: "{{ portal_token }}"
    app_id: 5f0c2a4e-8d3b-4b57-9d0e-6c1f1e0b7a52
    origin: https://portal.example.com

- name: Verify that the old key is rejected
  qlikops.sense.qlik_jwt_probe:
    url: https://qlik.example.com
    prefix: portal
    private_key_path: /etc/portal/jwt-old.key
    user_id: probe
    user_directory: PORTAL
    expect: denied

- name: Read the findings without failing
  qlikops.sense.qlik_jwt_probe:
    url: https://qlik.example.com
    prefix: portal
    token: "{{ portal_token }}"
    fail_on: never
  register: probe

- name: Print the verdict
  ansible.builtin.debug:
    var: probe.verdict
"""

RETURN = r"""
ok:
  description:
    - Whether the result is as specified by O(expect). Warnings have no effect.
  returned: when the options are valid
  type: bool
  sample: false
verdict:
  description:
    - Code of the finding that explains the outcome. V(access_granted) if the login succeeded
      without an error. V(not_tried) in check mode if no error was found.
  returned: when the options are valid
  type: str
  sample: key_mismatch
findings:
  description:
    - All findings, in order of precedence.
  returned: when the options are valid
  type: list
  elements: dict
  contains:
    code:
      description:
        - Code of the finding. It does not change between releases.
      type: str
      returned: always
    level:
      description:
        - V(error), V(warning), or V(info). A cause that usually prevents logins is a warning if
          this login succeeded.
      type: str
      returned: always
    summary:
      description:
        - What is wrong, in one sentence.
      type: str
      returned: always
    evidence:
      description:
        - Facts that prove the finding, by name. They never contain secrets.
      type: dict
      returned: always
    remedy:
      description:
        - How to fix it.
      type: str
      returned: always
    qmc_field:
      description:
        - Where to find the setting in QMC. Null for findings without a setting in QMC.
      type: str
      returned: always
    option:
      description:
        - Module and option of this collection to fix it. Null if this collection has no such
          option.
      type: str
      returned: always
  sample:
    - code: key_mismatch
      level: error
      summary: The token is not signed with the key whose certificate the virtual proxy trusts.
      evidence:
        trusted_key: "5E:0B:…:9A"
        signing_key: "C1:77:…:02"
      remedy: Paste the certificate of the signing key into the virtual proxy, or sign with the key
        that belongs to the certificate there.
      qmc_field: Virtual proxies > Authentication > JWT certificate
      option: qlik_virtual_proxy.jwt_certificate
steps:
  description:
    - All steps, in order. In steps that were not reached, C(ok) is null.
  returned: when the options are valid
  type: list
  elements: dict
  contains:
    name:
      description:
        - V(resolve), V(connect), V(tls), V(route), V(login), V(session), V(identity), V(page),
          V(engine), V(negative), or V(logout).
      type: str
      returned: always
    ok:
      description:
        - Whether the step succeeded. Null if it was not tried, or if its response is not
          conclusive.
      type: bool
      returned: always
    status:
      description:
        - HTTP status that was decisive. Null if there was none.
      type: int
      returned: always
    seconds:
      description:
        - Duration of the step. Null if it has no duration of its own. The duration of the first
          request is that of the step V(connect).
      type: float
      returned: always
    note:
      description:
        - Why the step was not tried, what was lost, or how reliable the response is.
      type: str
      returned: always
  sample:
    - name: login
      ok: true
      status: 204
      seconds: 0.412
      note: ""
claims:
  description:
    - Claims of the token, even if the proxy rejected the token.
  returned: when the options are valid
  type: dict
  sample:
    userId: probe
    userDirectory: PORTAL
    iat: 1795700000
    exp: 1795703630
user:
  description:
    - User who was logged in. Null if no response contained the user.
    - C(sources) lists the responses that contained the user. V(proxy) is the response of the proxy.
      V(administration port) is the response of port 4243. V(repository in the session) is the
      response of the repository through the proxy in this session, which an ordinary user does not
      get. V(repository) means that the repository, read directly, contains the user.
  returned: when the options are valid
  type: dict
  sample:
    directory: PORTAL
    id: probe
    name: probe
    sources: [proxy, repository]
session_cookie_name:
  description:
    - Name of the session cookie. Null if the proxy did not set one.
  returned: when the options are valid
  type: str
  sample: X-Qlik-Session-portal
"""

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._modules.probe import run_probe
from ..module_utils._modules.probe_options import PROBE_EXCLUSIVE, probe_spec


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec=probe_spec(),
        mutually_exclusive=PROBE_EXCLUSIVE,
        supports_check_mode=True,
    )
    require(module, "requests", "cryptography", "jwt")
    run_probe(module)


if __name__ == "__main__":
    main()
