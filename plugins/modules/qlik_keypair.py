#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_keypair."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_keypair
short_description: Generate, extract or describe the key pair of a JWT virtual proxy
version_added: 1.0.0
description:
  - Makes the RSA private key that signs tokens, its public key, and the self-signed X.509
    certificate that goes into the virtual proxy. Or takes them out of what exists.
  - A signing key is never replaced by accident, see O(regenerate). The files are written all or
    none, and no secret is readable for others at any moment.
  - Without any path to write to, the source is described and nothing is written.
  - As in sshd, a private key counts only if no other user could have written it. Its file and the
    directory that holds it must be owned by the user of the task, by root, or by O(owner). The task
    also fails if everyone can write to the file, to its directory, or, unless the sticky bit is
    set, to a directory above. The same applies to the file and its directory if an access list
    lets another user write. What a group can write to is a warning.
  - A certificate or public key counts only if other users could not have planted it, because a site
    trusts the key in it. The task fails if everyone can write to the file at O(src_path) or to the
    directory of O(src_path), O(certificate_path), or O(public_key_path). A directory with the
    sticky bit may hold such a file if one of the users above owns the file. In other directories,
    another owner is a warning.
  - A run that is killed leaves files named C(.<name>.qlikops-<random>) beside the files that it was
    writing. The next run with the same paths removes them and warns.
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.files
requirements:
  - cryptography >= 42
attributes:
  check_mode:
    support: full
    details:
      - A key or certificate that would be generated is not predicted. What the result shows of it
        was made for the prediction and is thrown away.
  diff_mode:
    support: full
    details:
      - The diff shows fingerprints and sizes, never key text.
  idempotent:
    support: partial
    details:
      - With O(regenerate=always) and O(source=generate), or without O(private_key_path) and
        O(source=generate), every run makes a new key.
options:
  source:
    description:
      - Where the key pair comes from.
      - With V(generate), a key is made where there is none.
      - With V(pem), it is read from a PEM file with a private key, a certificate or both, in any
        order. PKCS#1 and PKCS#8, other line ends and text around the blocks are taken.
      - With V(pkcs12), it is read from a PKCS#12 container (C(.pfx), C(.p12)).
      - A certificate in the source is taken over as it is. With a private key alone, a self-signed
        certificate is issued for it when O(certificate_path) is given.
      - With a certificate alone, such as one that an authority issued, the key at
        O(private_key_path) is kept, and has to be the one that belongs to it.
    type: str
    choices:
      - generate
      - pem
      - pkcs12
    default: generate
  src_path:
    description:
      - Path of the file with O(source=pem) and O(source=pkcs12), on the machine where the task
        runs.
      - With O(source=pem), the file can also be in DER. Quoted lines, UTF-16, and text around the
        blocks are accepted. With O(source=pkcs12), the file can also be in base64.
      - A file encrypted by ansible-vault is refused. Give O(src_content) with the lookup
        P(ansible.builtin.unvault#lookup) instead.
    type: path
  src_content:
    description:
      - The content itself, in place of O(src_path). With O(source=pkcs12) it is base64.
    type: str
  src_passphrase:
    description:
      - Passphrase of the private key or the container in O(src_path) or O(src_content).
      - Use a passphrase that is not a part of other texts. ansible-core up to 2.21 masks it
        wherever it occurs in the result. The module fails in that case.
    type: str
  private_key_path:
    description:
      - Where the private key shall be. A key that is written is PKCS#8 in PEM. Without it, none is
        written.
    type: path
  public_key_path:
    description:
      - Where the public key shall be, as C(BEGIN PUBLIC KEY). Without it, none is written.
    type: path
  certificate_path:
    description:
      - Where the certificate shall be. Without it, none is written, and none is issued for a key
        that has a file.
    type: path
  passphrase:
    description:
      - Passphrase that the file at O(private_key_path) is, or will be, encrypted with. Without it,
        the key is not encrypted.
      - The advice for O(src_passphrase) applies here, too.
    type: str
  size:
    description:
      - Size in bits of a key with O(source=generate).
    type: int
    choices:
      - 2048
      - 3072
      - 4096
    default: 3072
  common_name:
    description:
      - Common name of the self-signed certificate, up to 64 characters. Qlik Sense does not look at
        it.
      - Without it, an existing certificate keeps its name, and a new one gets C(Qlik Sense JWT).
      - Ignored when the source holds a certificate.
    type: str
  valid_days:
    description:
      - Days for which the self-signed certificate is valid. An existing certificate with another
        number of days is issued anew for the same key.
      - Without it, an existing certificate keeps its number, and a new one gets C(3650), as Qlik's
        own have.
      - Ignored when the source holds a certificate.
    type: int
  renew_before_days:
    description:
      - Issues the certificate anew, for the same key, when it has fewer days left than this.
      - Without it, a certificate is not renewed because of its age.
      - Ignored when the source holds a certificate.
    type: int
  regenerate:
    description:
      - What may happen to files that are there and not as wanted. The certificate alone is issued
        anew for the same key under every value, when O(common_name), O(valid_days) or
        O(renew_before_days) ask for it.
      - With V(never), no key is replaced, and one of another O(size) is used as it is.
      - With V(fail), the task fails when the key is not as the options say.
      - With V(partial_idempotence), a key that is not as the options say is replaced, also by
        another key of the source. A file that cannot be read, or whose passphrase is not
        O(passphrase), is not.
      - With V(full_idempotence), such a file is replaced, too. Keep a backup.
      - With V(always) and O(source=generate), every run makes a new key. Other sources are handled
        as with V(full_idempotence).
      - A public key or certificate that belongs to another key, or a certificate of an authority
        that would have to be issued anew, is replaced from V(partial_idempotence) on.
      - A private key found at O(public_key_path) or O(certificate_path) is never replaced.
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
      - Whether a file is copied beside itself before it is replaced. The copy has a new name, and
        the owner and mode of the file.
    type: bool
    default: false
  return_content:
    description:
      - Whether the private key is returned. Refused unless the task has C(no_log=true).
    type: bool
    default: false
  mode:
    description:
      - Mode of the private key's file, as in M(ansible.builtin.file).
    type: raw
    default: "0600"
  public_mode:
    description:
      - Mode of the public key's and the certificate's file, as in M(ansible.builtin.file).
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
      - Name of the group that shall own the files. Without it, the group is left alone.
    type: str
seealso:
  - module: qlikops.sense.qlik_virtual_proxy
  - module: qlikops.sense.qlik_jwt_token
"""

EXAMPLES = r"""
- name: Make sure that there is a signing key with its certificate
  qlikops.sense.qlik_keypair:
    private_key_path: /etc/qlik/jwt.key
    certificate_path: /etc/qlik/jwt.crt
    common_name: reporting portal
    valid_days: 730
    renew_before_days: 60
  register: pair

- name: Trust it in a virtual proxy
  qlikops.sense.qlik_virtual_proxy:
    host: qlik.example.com
    prefix: portal
    jwt_certificate: "{{ pair.certificate }}"
    jwt_attribute_user_id: userId
    jwt_attribute_user_directory: userDirectory

- name: Take apart a container that Windows exported
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

- name: Make a pair in memory, for a vault
  qlikops.sense.qlik_keypair:
    return_content: true
  register: in_memory
  no_log: true
"""

RETURN = r"""
certificate:
  description:
    - The certificate as PEM, to be given to a virtual proxy, or pasted into QMC as
      I(JWT certificate).
    - Null when the source holds none and none was issued.
  returned: success
  type: str
  sample: |
    -----BEGIN CERTIFICATE-----
    MIIDczCCAlugAwIBAgIUHm8F...
    -----END CERTIFICATE-----
public_key:
  description: The public key as PEM.
  returned: success
  type: str
  sample: |
    -----BEGIN PUBLIC KEY-----
    MIIBojANBgkqhkiG9w0BAQEF...
    -----END PUBLIC KEY-----
private_key:
  description:
    - The private key as PEM, encrypted when its file is.
    - Null when the source holds none, and in check mode when it would be generated.
  returned: success, when O(return_content) is true
  type: str
  sample: VALUE_HIDDEN
fingerprint:
  description: SHA-256 of the public key (its SubjectPublicKeyInfo).
  returned: success
  type: str
  sample: 7C:0E:51:2A:9D:4F:33:B0:…
certificate_fingerprint:
  description: SHA-256 of the certificate. Null without a certificate.
  returned: success
  type: str
  sample: 1F:A3:60:8E:47:D2:5B:99:…
thumbprint:
  description:
    - SHA-1 of the certificate, by which Windows names it, in the certificate store and in the
      certificate's dialog. It proves nothing. Null without a certificate.
  returned: success
  type: str
  sample: BD7AF104CF1872BDB518D95C9534EA941665FD27
subject:
  description: Subject of the certificate. Null without a certificate.
  returned: success
  type: str
  sample: CN=reporting portal
not_before:
  description: When the certificate begins to be valid, in UTC. Null without a certificate.
  returned: success
  type: str
  sample: "2026-11-02T07:30:00Z"
not_after:
  description: When the certificate ends to be valid, in UTC. Null without a certificate.
  returned: success
  type: str
  sample: "2028-11-01T08:30:00Z"
days_left:
  description: Whole days until then, negative afterwards. Null without a certificate.
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
    - Whether the key and the certificate belong together. Null when one of them is missing.
  returned: success
  type: bool
  sample: true
notes:
  description: What is worth knowing about the pair, a sentence each.
  returned: success
  type: list
  elements: str
  sample: []
backup_files:
  description: The copies that O(backup) made.
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
