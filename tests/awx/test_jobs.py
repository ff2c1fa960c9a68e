# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs of the templates, from the answers of a survey to what AWX keeps."""

from __future__ import annotations

from awx.place import AwxPlace

ANSWERS = {
    "jwt_virtual_proxy_prefix": "portal",
    "jwt_verify_user_id": "jdoe",
    "jwt_verify_user_directory": "ACME",
    "jwt_verify_allow_user_creation": "True",
}


def test_set_up_from_a_survey(place: AwxPlace) -> None:
    job = place.set_up(ANSWERS).ok()
    site = place.simulator
    proxy = site.entity("virtualproxyconfig", prefix="portal")
    assert proxy["jwtAttributeUserId"] == "userId"
    print(job.stdout)
    place.assert_no_secret(job)
