# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The connection options. Keep them in sync with ``module_utils/_connection.py``."""

from __future__ import annotations


class ModuleDocFragment:
    """How a module connects to the repository."""

    DOCUMENTATION = r"""
requirements:
  - requests >= 2.32.4
  - requests_ntlm >= 1.3.0, for O(auth=ntlm)
options:
  host:
    description:
      - Host name or address of the node with the repository, usually the central node.
      - If O(auth) is not V(certificate), host name of the proxy in front of the repository. The
        host allow list of the virtual proxy must contain it.
      - Environment variable E(QLIK_HOST).
    type: str
    required: true
  port:
    description:
      - Port of the repository.
      - "Default: 4242 with O(auth=certificate), otherwise 443, which is the port of the proxy."
      - Environment variable E(QLIK_PORT).
    type: int
  auth:
    description:
      - Authentication method for the connection to the repository.
      - V(certificate) uses a client certificate that the site created, and connects directly to the
        repository.
      - The other methods connect through the virtual proxy O(api_prefix) as a user of the site.
        V(jwt) sends the token O(api_token). V(header) sends the user in the header
        O(api_header_name). V(ntlm) logs in to Windows with O(api_password).
      - See the guide R(Authentication methods,ansible_collections.qlikops.sense.docsite.ways-in)
        for the requirements of each method.
      - The module fails if the task sets an option of another method. It ignores such an option if
        the value is from the environment.
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
      - Path of the client certificate as PEM or DER. This is C(client.pem) of the exported
        certificates.
      - The path is on the machine where the task runs.
      - A PKCS#12 file (.pfx) is not valid. Use M(qlikops.sense.qlik_keypair) with C(source=pkcs12)
        to split it.
      - Environment variable E(QLIK_CLIENT_CERT), which is ignored if O(client_cert_content) is set.
    type: path
  client_cert_content:
    description:
      - Content of the client certificate as PEM. Use this option instead of O(client_cert_path).
    type: str
  client_key_path:
    description:
      - Path of the client certificate's private key as PEM or DER. This is C(client_key.pem) of the
        exported certificates.
      - By default, the module reads the key from the file with the certificate.
      - As in sshd, the module fails if another user could have written the file. The file and its
        directory must be owned by the user of the task or by root, or be on a read-only file
        system. The file and its directory must not be writable by everyone, or by another user
        because of an access list. Directories above must not be writable by everyone unless the
        sticky bit is set. If you cannot change the owner, use O(client_key_content).
      - Environment variable E(QLIK_CLIENT_KEY), which is ignored if O(client_key_content) is set.
    type: path
  client_key_content:
    description:
      - Content of the private key as PEM. Use this option instead of O(client_key_path).
    type: str
  client_key_passphrase:
    description:
      - Passphrase of an encrypted private key.
      - Use a passphrase that is not part of other texts. ansible-core up to 2.21 masks it wherever
        it occurs in the result. The module fails in that case.
      - Environment variable E(QLIK_CLIENT_KEY_PASSPHRASE).
    type: str
  ca_path:
    description:
      - Path of the certificate authorities to trust, as PEM or DER. This is C(root.pem) of the
        exported certificates.
      - If O(auth) is not V(certificate), path of the certificate authority of the proxy's
        certificate, which is the one that browsers see.
      - Text around the certificates is ignored, in any encoding. Blocks in OpenSSL's TRUSTED format
        are ignored as well.
      - The module fails if another user could have written the file, because the file decides which
        servers are trusted. The rules are those of O(client_key_path), except that everyone may
        read the file and that the file may be in a directory with the sticky bit.
      - If neither this option nor O(ca_content) is set, the module trusts the authorities of the
        system. They do not include the authority of the site.
      - Environment variable E(QLIK_CA), which is ignored if O(ca_content) is set.
    type: path
  ca_content:
    description:
      - Content of the certificate authority as PEM. Use this option instead of O(ca_path).
    type: str
  validate_certs:
    description:
      - Whether to verify the repository's certificate. Overrides E(REQUESTS_CA_BUNDLE) and similar
        environment variables.
      - Environment variable E(QLIK_VALIDATE_CERTS).
    type: bool
    default: true
  tls_server_name:
    description:
      - Name to expect in the repository's certificate if it differs from O(host). Qlik's
        certificates often contain only the short host name.
      - "Default: O(host)."
      - Environment variable E(QLIK_TLS_SERVER_NAME).
    type: str
  api_user_directory:
    description:
      - Directory of the user as which the module accesses the repository.
      - With O(auth=header), omit it if the virtual proxy has a static user directory.
      - With O(auth=ntlm), it is the Windows domain. Omit it if O(api_user_id) is a name such as
        C(ansible@example.com).
      - With O(auth=jwt), the token contains the user.
      - "Default with O(auth=certificate): C(INTERNAL)."
      - Environment variable E(QLIK_API_USER_DIRECTORY).
    type: str
  api_user_id:
    description:
      - ID of the user as which the module accesses the repository.
      - Required with O(auth=header) and O(auth=ntlm).
      - "Default with O(auth=certificate): C(sa_api)."
      - Environment variable E(QLIK_API_USER_ID).
    type: str
  api_prefix:
    description:
      - Prefix of the virtual proxy through which the module connects to the repository. Not valid
        with O(auth=certificate).
      - A virtual proxy cannot remove or unlink itself through this connection. The module prints a
        warning if it changes that virtual proxy.
      - "Default: the default virtual proxy, which has an empty prefix."
      - Environment variable E(QLIK_API_PREFIX).
    type: str
  api_token:
    description:
      - JSON Web Token of an administrator, for O(auth=jwt). Each task opens one session with it.
      - Environment variable E(QLIK_API_TOKEN).
    type: str
  api_header_name:
    description:
      - Name of the HTTP header in which the virtual proxy expects the user, for O(auth=header).
      - Environment variable E(QLIK_API_HEADER_NAME).
    type: str
  api_password:
    description:
      - Password of the Windows account, for O(auth=ntlm).
      - Environment variable E(QLIK_API_PASSWORD).
    type: str
  timeout:
    description:
      - Timeout in seconds for one request, from the connection to the last byte of the response. An
        idle proxy needs 15 to 21 seconds for its first response.
      - Environment variable E(QLIK_TIMEOUT).
    type: int
    default: 60
  retries:
    description:
      - Maximum number of retries of a request that only reads. The module retries if there is no
        connection, or with HTTP status 429, 502, 503, or 504. It does not repeat a request that
        writes if the first one may have reached the repository.
      - Environment variable E(QLIK_RETRIES).
    type: int
    default: 3
  use_proxy:
    description:
      - Whether to use the web proxies from the environment variables.
    type: bool
    default: true
"""
