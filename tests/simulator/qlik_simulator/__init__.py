# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator of a Qlik Sense Enterprise on Windows site, for tests: QRS and QPS on loopback.

It is an independent reading of what is known about the product and shares no code with the
collection. ``python -m qlik_simulator --help`` tells how to start it.
"""
