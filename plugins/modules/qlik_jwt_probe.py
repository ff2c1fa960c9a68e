#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_jwt_probe."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_jwt_probe
short_description: Log in through a JWT virtual proxy and say why it fails
version_added: 1.0.0
description:
  - Logs in with a token as a client would, step by step, judges every answer, and fails the task
    with the cause and its remedy when something is wrong.
  - A proxy does not tell why it refuses a token. With the connection options (O(host) and so on)
    the token is compared with the virtual proxy, its links, nodes and user in the repository, so
    that the cause is proven. Without them the module says what can be known from outside.
  - Every finding has a code that does not change. RV(verdict) is the code of the one that explains
    the outcome; it is the first error in the order in which mending one makes the next visible.
  - Virtual proxies, proxies and nodes are never changed. But a login is a login. The first one of
    a user creates that user in the repository, and opening the hub or an app can assign a licence.
  - A signed token is as good as a password. The module never sends it, or a session cookie, over
    plain HTTP unless O(allow_insecure_transport) is V(true).
  - If the repository can be read, the module sends the token only to a host name of a node with a
    proxy service, to a host that the host allow list of the virtual proxy matches, or to one of
    O(trusted_hosts). For any other host no login is tried, and the finding is C(host_not_allowed).
    If O(host) is given but the repository cannot be read, the module sends the token only to the
    host that O(host) names and to O(trusted_hosts).
  - Without O(host), the module cannot check whether the host in O(url) belongs to the site. It
    sends the token to whatever O(url) names, so take O(url) from a source that you trust.
  - One session is opened at the most, and one more for each bad token that the virtual proxy lets
    in. They are ended as O(end_session) says, also when the module fails half-way.
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.qrs
  - qlikops.sense._qrs
  - qlikops.sense._key
requirements:
  - websockets >= 13.1 (optional Python library; without it the check V(engine) ends with the
    WebSocket's handshake, and its step says so)
attributes:
  check_mode:
    support: partial
    details:
      - No session is opened. The options are checked, the token is compared with what the
        repository says, and one request that cannot log in tells whether the proxy is there.
      - When nothing speaks against the login, RV(verdict) is V(not_tried).
  diff_mode:
    support: none
    details:
      - Nothing that could be shown as a difference is changed.
  idempotent:
    support: full
    details:
      - The state is changed only where O(allow_user_creation) let the first login create the user.
options:
  url:
    description:
      - Address of the proxy as clients write it, with scheme, host and, if it is not the usual
        one, port, but without the prefix.
      - Environment variable E(QLIK_URL).
    type: str
    required: true
  prefix:
    description:
      - Prefix of the virtual proxy. An empty one stands for the default virtual proxy.
    type: str
    required: true
  token:
    description:
      - A token to log in with, in place of the options that mint one.
      - Without the private key, a token that expired cannot be made, so the negative control goes
        without it.
    type: str
  user_id_claim:
    description:
      - Name of the claim that holds O(user_id). Upper and lower case are different.
      - Without it, the name in the virtual proxy is used when the repository can be read, else
        V(userId).
    type: str
  user_directory_claim:
    description:
      - Name of the claim that holds O(user_directory). Upper and lower case are different.
      - Without it, the name in the virtual proxy is used when the repository can be read, else
        V(userDirectory).
    type: str
  allow_insecure_transport:
    description:
      - Whether the token and the session cookie may travel over plain HTTP. Anyone on the way can
        read them there, and log in as the user.
      - If V(false) and O(url) begins with C(http://), nothing is sent to the proxy, and the finding
        C(insecure_transport) is an error.
    type: bool
    default: false
  trusted_hosts:
    description:
      - Full host names or IP addresses that may receive a token although the repository does not
        name them. Needed for a load balancer's name on releases before autumn 2019, which do not
        check the host allow list, or when the repository cannot be read.
      - Names are compared as a whole, without regard to case. Wildcards are not valid.
      - Set it in the inventory. Do not let users of job templates set it.
    type: list
    elements: str
    default: []
  app_id:
    description:
      - Id of an app. Its page is fetched, and the WebSocket is opened for it, without opening the
        app itself.
      - Without it, the page is the hub, and the WebSocket is that of the engine itself.
    type: str
  page_path:
    description:
      - Path of the page to fetch, below the prefix. It has to come with status 200, and to be no
        error page and no login form.
      - Without it, the app's page or the hub is fetched.
    type: str
  origin:
    description:
      - Origin of the page that opens the WebSocket, such as V(https://portal.example.com), when
        Qlik Sense is shown inside another site. Without it, the origin of O(url).
    type: str
  checks:
    description:
      - What is done beside the login itself.
      - V(session) sends the cookie alone, which has to be known and to open no second session.
      - V(identity) asks who is logged in.
      - V(page) fetches a page.
      - V(engine) opens a WebSocket, reads the engine's greeting, and asks for its version. No app
        is opened, for that would load it into the engine's memory, and can use up a user's licence.
        Without the library C(websockets) the handshake alone is judged.
      - V(negative) tries tokens that have to be refused. One has no signature, one is signed with
        a key made for this run, one expired a day ago; and, when the repository is not asked, one
        login goes without a token.
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
      - V(allowed) when the login has to work.
      - V(denied) when it has to be refused, for example with a key that was replaced. Then a
        finding about route, token, certificate or user is what is hoped for. A proxy that cannot be
        reached has refused nothing, and still fails the task.
    type: str
    choices:
      - allowed
      - denied
    default: allowed
  fail_on:
    description:
      - The level from which findings fail the task. V(never) returns them all the same.
    type: str
    choices:
      - error
      - warning
      - never
    default: error
  allow_user_creation:
    description:
      - Whether the login may create its user. With V(false), no login is tried when the repository
        shows no such user, and the finding is C(user_unknown).
      - Without a repository to ask, the login is tried whatever is said here. Give a user who
        exists.
    type: bool
    default: false
  url_ca_path:
    description:
      - Path of the certificate authorities to trust for O(url), as PEM or DER. Text around the
        certificates is ignored, in any encoding. Without it, and without
        O(url_ca_content), the system's own authorities are trusted.
      - The task fails if another user could have written the file, see O(ca_path).
    type: path
  url_ca_content:
    description:
      - That certificate authority itself as PEM, in place of O(url_ca_path).
    type: str
  url_validate_certs:
    description:
      - Whether the proxy's certificate is verified. If V(false), any server on the way can answer
        for the proxy and receive the token, and the finding C(insecure_transport) is a warning.
    type: bool
    default: true
  url_tls_server_name:
    description:
      - The name to expect in the proxy's certificate. Without it, the host of O(url).
      - Which host may receive a token depends on O(url) alone.
    type: str
  wait:
    description:
      - Seconds to wait for a proxy that is restarting, as it does after a change. As long as it
        refuses connections, drops them, or answers like a proxy that is not ready, it is asked
        again. There is no waiting for a mistake that the repository proves.
      - A proxy reads its new settings some time after they were written, and goes on with the
        former ones until then. So a login that is refused is tried again, too, for 30 seconds
        at most and not with O(expect=denied).
    type: int
    default: 0
  end_session:
    description:
      - How the session ends.
      - V(own) ends this one session through the administration port of the proxy. That takes the
        connection options with O(auth=certificate), for it is open to the site's client
        certificate only.
      - V(user) ends all sessions that the user has at this virtual proxy, with the user's own
        cookie. A person who works under the same name is logged out.
      - V(auto) is V(own), and, where that port does not answer, V(user) for a user whom this run
        created. Else the session times out by itself, which the finding C(session_left_open) says.
      - V(never) leaves it to time out.
    type: str
    choices:
      - auto
      - own
      - user
      - never
    default: auto
  qps_port:
    description:
      - Administration port of the proxy, through which a single session can be ended.
    type: int
    default: 4243
  host:
    description:
      - Host name or address of a node whose repository is asked, usually the central node. Without
        it, no repository is asked.
      - Environment variable E(QLIK_HOST).
    type: str
    required: false
  timeout:
    description:
      - Seconds for one request to the repository or to the proxy, from the connection to the last
        byte of the response. A proxy that was idle takes 15 to 21 seconds for its first response.
      - Environment variable E(QLIK_TIMEOUT).
    type: int
    default: 60
seealso:
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_jwt_token
"""

EXAMPLES = r"""
- name: Prove that the portal's key logs a user in
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

- name: Check an app's page from where the users are, without access to the repository
  qlikops.sense.qlik_jwt_probe:
    url: https://qlik.example.com
    prefix: portal
    token: "{{ portal_token }}"
    app_id: 5f0c2a4e-8d3b-4b57-9d0e-6c1f1e0b7a52
    origin: https://portal.example.com

- name: Prove that the old key no longer opens the door
  qlikops.sense.qlik_jwt_probe:
    url: https://qlik.example.com
    prefix: portal
    private_key_path: /etc/portal/jwt-old.key
    user_id: probe
    user_directory: PORTAL
    expect: denied

- name: Ask what is wrong without failing
  qlikops.sense.qlik_jwt_probe:
    url: https://qlik.example.com
    prefix: portal
    token: "{{ portal_token }}"
    fail_on: never
  register: probe

- name: Show the verdict
  ansible.builtin.debug:
    var: probe.verdict
"""

RETURN = r"""
ok:
  description:
    - Whether everything is as O(expect) says; warnings do not count.
  returned: when the options could be used
  type: bool
  sample: false
verdict:
  description:
    - The code of the finding that explains the outcome. V(access_granted) when the login was let
      in and no error was found, V(not_tried) in check mode when nothing speaks against the login.
  returned: when the options could be used
  type: str
  sample: key_mismatch
findings:
  description:
    - All that was found, in the order of precedence.
  returned: when the options could be used
  type: list
  elements: dict
  contains:
    code:
      description:
        - The code, which stays the same from release to release.
      type: str
      returned: always
    level:
      description:
        - V(error), V(warning) or V(info). What keeps logins out is a warning when this login was
          let in all the same.
      type: str
      returned: always
    summary:
      description:
        - What is wrong, in one sentence.
      type: str
      returned: always
    evidence:
      description:
        - What proves it, by name. Never a secret.
      type: dict
      returned: always
    remedy:
      description:
        - What to do.
      type: str
      returned: always
    qmc_field:
      description:
        - Where the management console shows the setting; null where there is none.
      type: str
      returned: always
    option:
      description:
        - Module and option of this collection that mend it; null where there are none.
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
    - Every step, in its order. Steps that were not reached have C(ok) null.
  returned: when the options could be used
  type: list
  elements: dict
  contains:
    name:
      description:
        - V(resolve), V(connect), V(tls), V(route), V(login), V(session), V(identity), V(page),
          V(engine), V(negative) or V(logout).
      type: str
      returned: always
    ok:
      description:
        - Whether it went well; null when it was not tried, or when its answer decides nothing.
      type: bool
      returned: always
    status:
      description:
        - The HTTP status that decided; null when there was none.
      type: int
      returned: always
    seconds:
      description:
        - How long it took; null where it has no time of its own. The time of the first request
          stands at V(connect).
      type: float
      returned: always
    note:
      description:
        - Why it was not tried, what was lost, or how far the answer can be trusted.
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
    - The claims of the token, whether or not it was taken.
  returned: when the options could be used
  type: dict
  sample:
    userId: probe
    userDirectory: PORTAL
    iat: 1795700000
    exp: 1795703630
user:
  description:
    - Who was logged in; null when no answer tells.
    - C(sources) lists which answers say so. V(proxy) is the proxy's own, V(administration port)
      that of port 4243. V(repository in the session) means that the repository, asked through the
      proxy in this very session, names the user; an ordinary user gets no answer there.
      V(repository) means that the repository, asked directly, knows the user by that name.
  returned: when the options could be used
  type: dict
  sample:
    directory: PORTAL
    id: probe
    name: probe
    sources: [proxy, repository]
session_cookie_name:
  description:
    - Name of the session cookie; null when none came.
  returned: when the options could be used
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
