# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The minting options. ``module_utils/_token_options.py`` builds the same; change both."""

from __future__ import annotations


class ModuleDocFragment:
    """Which key signs a token, and what the token says."""

    DOCUMENTATION = r"""
requirements:
  - cryptography >= 42
  - PyJWT >= 2.0
options:
  private_key_path:
    description:
      - Path of the RSA private key that signs the token, as PEM or DER (PKCS#1 or PKCS#8).
      - A path on the machine where the task runs. A file encrypted by ansible-vault is refused;
        give O(private_key_content) with the lookup P(ansible.builtin.unvault#lookup) instead.
      - Without it, and without O(private_key_content), the environment variable
        E(QLIK_JWT_PRIVATE_KEY) is read. It holds a path, or the key itself.
    type: path
  private_key_content:
    description:
      - The private key itself as PEM, in place of O(private_key_path).
    type: str
  private_key_owner:
    description:
      - Name of a user who may own the file at O(private_key_path), besides the user of the task
        and root.
      - The task fails if another user owns the file or its directory, or if everyone can write to
        the file, to its directory, or, unless the sticky bit is set, to a directory above. The task
        fails as well if an access list lets another user write to the file or its directory. What a
        group can write to is a warning.
    type: str
  private_key_passphrase:
    description:
      - Passphrase of an encrypted private key. It is not looked at when the key is not encrypted.
      - Use a passphrase that is not a part of other texts. ansible-core up to 2.21 masks it
        wherever it occurs in the result. The module fails in that case.
      - Environment variable E(QLIK_JWT_PRIVATE_KEY_PASSPHRASE).
    type: str
  algorithm:
    description:
      - Signature algorithm. A virtual proxy checks these three only.
    type: str
    choices:
      - RS256
      - RS384
      - RS512
    default: RS256
  user_id:
    description:
      - Id of the user in Qlik Sense, such as C(jdoe).
    type: str
  user_directory:
    description:
      - Directory of the user in Qlik Sense, such as C(ACME).
    type: str
  user_id_claim:
    description:
      - Name of the claim that holds O(user_id), as the virtual proxy has it in
        C(jwt_attribute_user_id). Upper and lower case are different.
      - Without it, V(userId).
      - A name in square brackets is a constant of the virtual proxy, for which no claim is written.
    type: str
  user_directory_claim:
    description:
      - Name of the claim that holds O(user_directory), as the virtual proxy has it in
        C(jwt_attribute_user_directory). Upper and lower case are different.
      - Without it, V(userDirectory).
      - A name in square brackets is a constant of the virtual proxy, for which no claim is written.
    type: str
  attributes:
    description:
      - More claims, by name. Text, numbers, booleans and lists of these. The virtual proxy makes
        session attributes of those that its C(jwt_attribute_map) lists.
      - The claims that the other options make, and those that RFC 7519 defines, are refused here.
    type: dict
    default: {}
  audience:
    description:
      - The claim C(aud). It has to equal C(jwt_audience) of the virtual proxy when that is set.
      - Without it, the token has none.
    type: str
  issuer:
    description:
      - The claim C(iss). A virtual proxy does not look at it. Without it, the token has none.
    type: str
  lifetime:
    description:
      - Seconds until the token expires. A virtual proxy cannot revoke one token, so keep it short.
    type: int
    default: 3600
"""
