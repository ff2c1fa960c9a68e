# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The options for tokens. Keep them in sync with ``module_utils/_modules/token_options.py``."""

from __future__ import annotations


class ModuleDocFragment:
    """The key that signs a token, and the content of the token."""

    DOCUMENTATION = r"""
requirements:
  - cryptography >= 42.0.4
  - PyJWT >= 2.9.0
options:
  private_key_path:
    description:
      - Path of the RSA private key that signs the token, as PEM or DER (PKCS#1 or PKCS#8).
      - The path is on the machine where the task runs.
      - A file encrypted by ansible-vault is not valid. Use O(private_key_content) with the lookup
        P(ansible.builtin.unvault#lookup) instead.
      - If neither this option nor O(private_key_content) is set, the value of the environment
        variable E(QLIK_JWT_PRIVATE_KEY) is used. It contains a path or the key itself.
    type: path
  private_key_content:
    description:
      - Content of the private key as PEM. Use this option instead of O(private_key_path).
    type: str
  private_key_owner:
    description:
      - Name of a user who may own the file at O(private_key_path), in addition to the user of the
        task and root.
      - The module fails if another user owns the file or its directory, or if everyone can write to
        the file, to its directory, or, unless the sticky bit is set, to a directory above. The
        module also fails if an access list allows another user to write to the file or its
        directory. If a group can write to one of them, the module prints a warning.
    type: str
  private_key_passphrase:
    description:
      - Passphrase of an encrypted private key. Ignored if the key is not encrypted.
      - Use a passphrase that is not part of other texts. ansible-core up to 2.21 masks it wherever
        it occurs in the result. The module fails in that case.
      - Environment variable E(QLIK_JWT_PRIVATE_KEY_PASSPHRASE).
    type: str
  algorithm:
    description:
      - Signature algorithm. A virtual proxy supports only these three.
    type: str
    choices:
      - RS256
      - RS384
      - RS512
    default: RS256
  user_id:
    description:
      - ID of the user in Qlik Sense, such as C(jdoe).
    type: str
  user_directory:
    description:
      - Directory of the user in Qlik Sense, such as C(ACME).
    type: str
  user_id_claim:
    description:
      - Name of the claim that contains O(user_id). It must match C(jwt_attribute_user_id) of the
        virtual proxy. The name is case-sensitive.
      - A name in square brackets is a constant of the virtual proxy. The token does not contain a
        claim for it.
      - "Default: V(userId)."
    type: str
  user_directory_claim:
    description:
      - Name of the claim that contains O(user_directory). It must match
        C(jwt_attribute_user_directory) of the virtual proxy. The name is case-sensitive.
      - A name in square brackets is a constant of the virtual proxy. The token does not contain a
        claim for it.
      - "Default: V(userDirectory)."
    type: str
  attributes:
    description:
      - Additional claims, as a mapping from name to value. Values are texts, numbers, booleans, or
        lists of these.
      - The virtual proxy creates session attributes for the claims in its C(jwt_attribute_map).
      - Claims that other options set, and claims that RFC 7519 defines, are not valid here.
    type: dict
    default: {}
  audience:
    description:
      - The claim C(aud). It must be equal to C(jwt_audience) of the virtual proxy if the virtual
        proxy has an audience.
      - By default, the token does not contain this claim.
    type: str
  issuer:
    description:
      - The claim C(iss). A virtual proxy ignores it.
      - By default, the token does not contain this claim.
    type: str
  lifetime:
    description:
      - Number of seconds until the token expires. You cannot revoke a single token on a virtual
        proxy, so use a short lifetime.
    type: int
    default: 3600
"""
