# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The connection options. ``module_utils/_connection.py`` builds the same; change both."""

from __future__ import annotations


class ModuleDocFragment:
    """How a module reaches the repository."""

    DOCUMENTATION = r"""
requirements:
  - requests >= 2.25
  - requests_ntlm for O(auth=ntlm)
options:
  host:
    description:
      - Host name or address of a node whose repository is asked, usually the central node. With
        another O(auth) than V(certificate), that of the proxy in front of it, as the host allow
        list of the virtual proxy has it.
      - Environment variable E(QLIK_HOST).
    type: str
    required: true
  port:
    description:
      - Port of the repository. Without it, 4242 with O(auth=certificate), else 443, that of the
        proxy.
      - Environment variable E(QLIK_PORT).
    type: int
  auth:
    description:
      - How to prove who is asking.
      - V(certificate) uses a client certificate that the site itself made, and asks the repository
        directly.
      - The others go through the virtual proxy O(api_prefix), in the name of a user of the site.
        V(jwt) shows the token O(api_token), V(header) sends the user in the header
        O(api_header_name), V(ntlm) logs in to Windows with O(api_password).
      - U(https://github.com/qlikops/sense/blob/main/docs/ways-in.md) tells what each of them needs.
      - An option of this list that belongs to another way is refused when the task gives it, and
        ignored when it comes from the environment.
      - Environment variable E(QLIK_AUTH).
    type: str
    choices:
      - certificate
      - jwt
      - header
      - ntlm
    default: certificate
  client_cert_path:
    description:
      - Path of the client certificate as PEM or DER, C(client.pem) of the exported certificates.
      - A PKCS#12 file (.pfx) is not accepted. M(qlikops.sense.qlik_keypair) with C(source=pkcs12)
        splits it.
      - A path on the machine where the task runs. Environment variable E(QLIK_CLIENT_CERT), which
        is ignored when O(client_cert_content) is given.
    type: path
  client_cert_content:
    description:
      - The client certificate itself as PEM, in place of O(client_cert_path).
    type: str
  client_key_path:
    description:
      - Path of the client certificate's private key as PEM or DER, C(client_key.pem) of the
        exported certificates. Without it the key is expected in the file of the certificate.
      - As in sshd, the task fails if another user could have written the file. The file and its
        directory must be owned by the user of the task or by root, or be on a read-only file
        system. The file and its directory must not be writable by everyone, or by another user
        because of an access list. Directories above must not be writable by everyone unless the
        sticky bit is set. If the owner cannot change, give O(client_key_content).
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
      - Use a passphrase that is not a part of other texts. ansible-core up to 2.21 masks it
        wherever it occurs in the result. The module fails in that case.
      - Environment variable E(QLIK_CLIENT_KEY_PASSPHRASE).
    type: str
  ca_path:
    description:
      - Path of the certificate authorities to trust as PEM or DER, C(root.pem) of the exported
        certificates. Text around the certificates is ignored, in any encoding. Blocks in OpenSSL's
        TRUSTED format are ignored as well.
      - The task fails if another user could have written the file, because the file decides which
        servers are trusted. The rules are those of O(client_key_path), except that everyone may
        read the file and that a directory with the sticky bit may hold it.
      - Without it, and without O(ca_content), the system's own authorities are trusted; they do not
        know the site's. Through a proxy it is the authority of the proxy's own certificate, the one
        that browsers see.
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
      - Directory of the user that the repository acts as. Without it, C(INTERNAL) with
        O(auth=certificate).
      - With O(auth=header), leave it out where the virtual proxy has a static user directory. With
        O(auth=ntlm), it is the Windows domain; leave it out where O(api_user_id) is a name such as
        C(ansible@example.com).
      - With O(auth=jwt), the token names the user.
      - Environment variable E(QLIK_API_USER_DIRECTORY).
    type: str
  api_user_id:
    description:
      - Id of the user that the repository acts as. Without it, C(sa_api) with O(auth=certificate).
      - Needed with O(auth=header) and O(auth=ntlm).
      - Environment variable E(QLIK_API_USER_ID).
    type: str
  api_prefix:
    description:
      - Prefix of the virtual proxy through which the repository is reached. Without it, the
        default virtual proxy, which has none.
      - Only for another O(auth) than V(certificate).
      - A virtual proxy cannot remove or unlink itself this way, and a change of it brings a
        warning.
      - Environment variable E(QLIK_API_PREFIX).
    type: str
  api_token:
    description:
      - The JSON Web Token of an administrator, for O(auth=jwt). It opens one session for each task.
      - Environment variable E(QLIK_API_TOKEN).
    type: str
  api_header_name:
    description:
      - Name of the header in which the virtual proxy expects the user, for O(auth=header).
      - Environment variable E(QLIK_API_HEADER_NAME).
    type: str
  api_password:
    description:
      - Password of the Windows account, for O(auth=ntlm).
      - Environment variable E(QLIK_API_PASSWORD).
    type: str
  timeout:
    description:
      - Seconds for one request, from the connection to the last byte of the response. A proxy that
        was idle takes 15 to 21 seconds for its first response.
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
