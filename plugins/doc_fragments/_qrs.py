# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The connection options. ``module_utils/_qrs_connection.py`` builds the same; change both."""

from __future__ import annotations


class ModuleDocFragment:
    """How a module reaches the repository."""

    DOCUMENTATION = r"""
requirements:
  - requests
options:
  host:
    description:
      - Host name or address of a node whose repository is asked, usually the central node.
      - Environment variable E(QLIK_HOST).
    type: str
    required: true
  port:
    description:
      - Port of the repository. Without it, 4242 is used.
      - Environment variable E(QLIK_PORT).
    type: int
  auth:
    description:
      - How to prove who is asking. V(certificate) uses a client certificate that the site itself
        made.
      - Environment variable E(QLIK_AUTH).
    type: str
    choices:
      - certificate
    default: certificate
  client_cert_path:
    description:
      - Path of the client certificate as PEM, C(client.pem) of the exported certificates.
      - A path on the machine where the task runs. Environment variable E(QLIK_CLIENT_CERT), which
        is ignored when O(client_cert_content) is given.
    type: path
  client_cert_content:
    description:
      - The client certificate itself as PEM, in place of O(client_cert_path).
    type: str
  client_key_path:
    description:
      - Path of the client certificate's private key as PEM, C(client_key.pem) of the exported
        certificates. Without it the key is expected in the file of the certificate.
      - Environment variable E(QLIK_CLIENT_KEY), which is ignored when O(client_key_content) is
        given.
    type: path
  client_key_content:
    description:
      - The private key itself as PEM, in place of O(client_key_path).
    type: str
  client_key_passphrase:
    description:
      - Passphrase of an encrypted private key.
      - Environment variable E(QLIK_CLIENT_KEY_PASSPHRASE).
    type: str
  ca_path:
    description:
      - Path of the certificate authority to trust as PEM, C(root.pem) of the exported
        certificates. Without it, and without O(ca_content), the system's own authorities are
        trusted; they do not know the site's.
      - Environment variable E(QLIK_CA), which is ignored when O(ca_content) is given.
    type: path
  ca_content:
    description:
      - The certificate authority itself as PEM, in place of O(ca_path).
    type: str
  validate_certs:
    description:
      - Whether the repository's certificate is verified. What is said here counts, whatever
        E(REQUESTS_CA_BUNDLE) and the like hold.
      - Environment variable E(QLIK_VALIDATE_CERTS).
    type: bool
    default: true
  tls_server_name:
    description:
      - The name to expect in the repository's certificate, when the site is reached by another
        one. Qlik's certificates often hold the short host name only. Without it, O(host) is
        expected.
      - Environment variable E(QLIK_TLS_SERVER_NAME).
    type: str
  api_user_directory:
    description:
      - Directory of the user that the repository acts as.
      - Environment variable E(QLIK_API_USER_DIRECTORY).
    type: str
    default: INTERNAL
  api_user_id:
    description:
      - Id of the user that the repository acts as.
      - Environment variable E(QLIK_API_USER_ID).
    type: str
    default: sa_api
  timeout:
    description:
      - Seconds after which one request is given up. A proxy that was idle takes 15 to 21 seconds
        for its first answer.
      - Environment variable E(QLIK_TIMEOUT).
    type: int
    default: 60
  retries:
    description:
      - How often a request that only reads is repeated after a fault that passes (no connection,
        status 429, 502, 503, 504). A request that writes is never repeated blindly.
      - Environment variable E(QLIK_RETRIES).
    type: int
    default: 3
  use_proxy:
    description:
      - Whether the web proxies that the environment names are used.
    type: bool
    default: true
"""
