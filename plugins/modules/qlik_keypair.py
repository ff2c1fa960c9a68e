#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_keypair."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_keypair
short_description: Generate, import, or describe the key pair of a JWT virtual proxy
version_added: 1.0.0
description:
  - Creates the RSA private key that signs tokens, its public key, and the self-signed X.509
    certificate for the virtual proxy. It can also import them from an existing file or content.
  - The module never replaces a signing key by accident, see O(regenerate). It writes either all
    files or none. Secrets are never readable for other users, not even temporarily.
  - If no path to write to is set, the module describes the source and writes nothing.
  - As in sshd, the module fails if another user could have written the private key. Its file and
    the directory of the file must be owned by the user of the task, by root, or by O(owner). The
    module also fails if everyone can write to the file, to its directory, or, unless the sticky bit
    is set, to a directory above. The same applies to the file and its directory if an access list
    allows another user to write. If a group can write to one of them, the module prints a warning.
  - Other users must not be able to replace a certificate or public key, because a site trusts the
    key in it. The module fails if everyone can write to the file at O(src_path), or to the
    directory of O(src_path), O(certificate_path), or O(public_key_path). A directory with the
    sticky bit may contain such a file if one of the users above owns the file. In other
    directories, the module prints a warning about another owner.
  - An interrupted run can leave temporary files named C(.<name>.qlikops-<random>) in the
    directories of the files. The next run with the same paths removes them and prints a warning.
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.files
requirements:
  - cryptography >= 42.0.4
attributes:
  check_mode:
    support: full
    details:
      - The content of a new key or certificate cannot be predicted. In check mode, the result
        contains a temporary one, which is not kept.
  diff_mode:
    support: full
    details:
      - The diff contains fingerprints and sizes, but not the text of keys.
  idempotent:
    support: partial
    details:
      - Every run creates a new key with O(source=generate) and O(regenerate=always), or with
        O(source=generate) and without O(private_key_path).
options:
  source:
    description:
      - Source of the key pair.
      - V(generate) creates a key if none exists.
      - V(pem) reads a PEM file with a private key, a certificate, or both, in any order. PKCS#1,
        PKCS#8, any line endings, and text around the blocks are accepted.
      - V(pkcs12) reads a PKCS#12 container (C(.pfx), C(.p12)).
      - A certificate in the source is used unchanged. If the source contains only a private key and
        O(certificate_path) is set, the module issues a self-signed certificate for the key.
      - If the source contains only a certificate, such as one that an authority issued, the module
        keeps the key at O(private_key_path). The key must belong to the certificate.
    type: str
    choices:
      - generate
      - pem
      - pkcs12
    default: generate
  src_path:
    description:
      - Path of the source file with O(source=pem) or O(source=pkcs12), on the machine where the
        task runs.
      - With O(source=pem), the file can also be in DER. Quoted lines, UTF-16, and text around the
        blocks are accepted. With O(source=pkcs12), the file can also be in base64.
      - A file encrypted by ansible-vault is not valid. Use O(src_content) with the lookup
        P(ansible.builtin.unvault#lookup) instead.
    type: path
  src_content:
    description:
      - Content of the source. Use this option instead of O(src_path). With O(source=pkcs12), the
        content must be in base64.
    type: str
  src_passphrase:
    description:
      - Passphrase of the private key or the container in O(src_path) or O(src_content).
      - Use a passphrase that is not part of other texts. ansible-core up to 2.21 masks it wherever
        it occurs in the result. The module fails in that case.
    type: str
  private_key_path:
    description:
      - Path of the private key to write, as PKCS#8 in PEM. By default, no private key is written.
    type: path
  public_key_path:
    description:
      - Path of the public key to write, as C(BEGIN PUBLIC KEY). By default, no public key is
        written.
    type: path
  certificate_path:
    description:
      - Path of the certificate to write. By default, no certificate is written, and none is issued
        for a key that has a file.
    type: path
  passphrase:
    description:
      - Passphrase of the file at O(private_key_path). A new file is encrypted with it. By default,
        the file is not encrypted.
      - The note about passphrases in O(src_passphrase) also applies here.
    type: str
  size:
    description:
      - Size of a new key in bits, with O(source=generate).
    type: int
    choices:
      - 2048
      - 3072
      - 4096
    default: 3072
  common_name:
    description:
      - Common name of the self-signed certificate, up to 64 characters. Qlik Sense ignores it.
      - "Default: the name of the existing certificate, or C(Qlik Sense JWT) for a new one."
      - Ignored if the source contains a certificate.
    type: str
  valid_days:
    description:
      - Number of days for which the self-signed certificate is valid. If an existing certificate
        has another number of days, the module issues a new certificate for the same key.
      - "Default: the number of days of the existing certificate, or C(3650) for a new one, as in
        Qlik's own certificates."
      - Ignored if the source contains a certificate.
    type: int
  renew_before_days:
    description:
      - Minimum number of days until the certificate expires. If it expires earlier, the module
        issues a new certificate for the same key.
      - By default, the module does not renew the certificate because of its age.
      - Ignored if the source contains a certificate.
    type: int
  regenerate:
    description:
      - Which existing files the module may replace if they differ from the options. With every
        value, the module can issue a new certificate for the same key if O(common_name),
        O(valid_days), or O(renew_before_days) require it.
      - V(never) replaces no key, and uses a key of another O(size) unchanged.
      - V(fail) fails if the key differs from the options.
      - V(partial_idempotence) replaces a key that differs from the options, also with another key
        from the source. It does not replace a file that cannot be read or whose passphrase is not
        O(passphrase).
      - V(full_idempotence) also replaces such a file. Keep a backup.
      - V(always) creates a new key in every run with O(source=generate). With other sources, it is
        the same as V(full_idempotence).
      - A public key or certificate of another key is replaced with V(partial_idempotence),
        V(full_idempotence), and V(always). The same applies to a certificate of an authority if the
        options require a new certificate.
      - A private key at O(public_key_path) or O(certificate_path) is never replaced.
    type: str
    choices:
      - never
      - fail
      - partial_idempotence
      - full_idempotence
      - always
    default: fail
  backup:
    description:
      - Whether to copy a file in its directory before it is replaced. The copy has a new name, and
        the owner and mode of the file.
    type: bool
    default: false
  return_content:
    description:
      - Whether to return the private key. The module fails unless the task has C(no_log=true).
    type: bool
    default: false
  mode:
    description:
      - Mode of the private key file, as in M(ansible.builtin.file).
    type: raw
    default: "0600"
  public_mode:
    description:
      - Mode of the public key file and the certificate file, as in M(ansible.builtin.file).
    type: raw
    default: "0644"
  owner:
    description:
      - Name of the user who will own the files. This user may also own the private key at
        O(private_key_path) or O(src_path).
      - By default, new files are owned by the user of the task, and existing files keep their
        owner. If a public file of another user is replaced, the user of the task owns the new file.
    type: str
  group:
    description:
      - Name of the group that will own the files. By default, the group is not changed.
    type: str
seealso:
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_jwt_token
"""

EXAMPLES = r"""
- name: Ensure that a signing key and its certificate exist
  qlikops.sense.qlik_keypair:
    private_key_path: /etc/qlik/jwt.key
    certificate_path: /etc/qlik/jwt.crt
    common_name: reporting portal
    valid_days: 730
    renew_before_days: 60
  register: pair

- name: Set the certificate in a virtual proxy
  qlikops.sense.qlik_virtual_proxy:
    host: qlik.example.com
    prefix: portal
    jwt_certificate: "{{ pair.certificate }}"
    jwt_attribute_user_id: userId
    jwt_attribute_user_directory: userDirectory

- name: Import a PKCS#12 container that Windows exported
  qlikops.sense.qlik_keypair:
    source: pkcs12
    src_path: /root/QlikClient.pfx
    src_passphrase: "{{ vault_pfx_passphrase }}"
    private_key_path: /etc/qlik/QlikClient.key
    public_key_path: /etc/qlik/QlikClient.pub
    certificate_path: /etc/qlik/QlikClient.crt

- name: Describe a certificate without writing anything
  qlikops.sense.qlik_keypair:
    source: pem
    src_path: /etc/qlik/server.pem
  register: described

- name: Create a key pair in memory, for a vault
  qlikops.sense.qlik_keypair:
    return_content: true
  register: in_memory
  no_log: true
"""

RETURN = r"""
certificate:
  description:
    - Certificate as PEM. Set it as certificate of a virtual proxy, or paste it into QMC as I(JWT
      certificate).
    - Null if the source does not contain a certificate and none was issued.
  returned: success
  type: str
  sample: |
    -----BEGIN CERTIFICATE-----
    MIIDczCCAlugAwIBAgIUHm8F...
    -----END CERTIFICATE-----
public_key:
  description: Public key as PEM.
  returned: success
  type: str
  sample: |
    -----BEGIN PUBLIC KEY-----
    MIIBojANBgkqhkiG9w0BAQEF...
    -----END PUBLIC KEY-----
private_key:
  description:
    - Private key as PEM. It is encrypted if its file is encrypted.
    - Null if the source does not contain a private key, and in check mode if a key would be
      generated.
  returned: success, when O(return_content) is true
  type: str
  sample: VALUE_HIDDEN
fingerprint:
  description: SHA-256 fingerprint of the public key (its SubjectPublicKeyInfo).
  returned: success
  type: str
  sample: 7C:0E:51:2A:9D:4F:33:B0:…
certificate_fingerprint:
  description: SHA-256 fingerprint of the certificate. Null without a certificate.
  returned: success
  type: str
  sample: 1F:A3:60:8E:47:D2:5B:99:…
thumbprint:
  description:
    - SHA-1 thumbprint of the certificate, as shown in the Windows certificate store and in the
      certificate dialog. Use it only to find the certificate, because SHA-1 is not secure. Null
      without a certificate.
  returned: success
  type: str
  sample: BD7AF104CF1872BDB518D95C9534EA941665FD27
subject:
  description: Subject of the certificate. Null without a certificate.
  returned: success
  type: str
  sample: CN=reporting portal
not_before:
  description: Start of the certificate's validity, in UTC. Null without a certificate.
  returned: success
  type: str
  sample: "2026-11-02T07:30:00Z"
not_after:
  description: End of the certificate's validity, in UTC. Null without a certificate.
  returned: success
  type: str
  sample: "2028-11-01T08:30:00Z"
days_left:
  description: Number of whole days until RV(not_after). Negative if the certificate has expired.
    Null without a certificate.
  returned: success
  type: int
  sample: 729
size:
  description: Size of the key in bits.
  returned: success
  type: int
  sample: 3072
matches:
  description:
    - Whether the key and the certificate belong together. Null if one of them is missing.
  returned: success
  type: bool
  sample: true
notes:
  description: Notes about the key pair, one sentence each.
  returned: success
  type: list
  elements: str
  sample: []
backup_files:
  description: Copies that O(backup) created.
  returned: success
  type: list
  elements: str
  sample:
    - /etc/qlik/jwt.crt.2026-11-02@08:30:00.k3v9x1qz~
"""

import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._modules.keypair import keypair_spec, run_keypair
from ..module_utils._runtime import run


def main() -> t.NoReturn:
    """Run the module."""
    module = Module(
        argument_spec=keypair_spec(),
        mutually_exclusive=[("src_path", "src_content")],
        supports_check_mode=True,
    )
    require(module, "cryptography")
    run(module, run_keypair)


if __name__ == "__main__":
    main()
