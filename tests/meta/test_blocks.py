# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fenced block of the documentation is executed by a test, or has a reason why not."""

from __future__ import annotations

import re
from functools import cache

import pytest

from support.blocks import blocks
from tools.checkout import ROOT

PATTERNS = ("*.md", "docs/*.md", "roles/*/README.md")
PAGES = [str(path.relative_to(ROOT)) for places in PATTERNS for path in sorted(ROOT.glob(places))]

#: For each page its blocks, in order: the language, and the test that executes the block, or that
#: compares it with the output of a run. After a colon, the reason why there is no such test.
BLOCKS: dict[str, list[str]] = {
    "README.md": [
        "shell test_from_galaxy",
        "yaml test_the_examples_of_the_readme_run",
        "text test_the_examples_of_the_readme_run",
    ],
    "docs/adoption.md": [
        "shell test_a_clicked_together_site_is_taken_over",
        "yaml test_a_clicked_together_site_is_taken_over",
        "shell test_a_clicked_together_site_is_taken_over",
    ],
    "docs/architecture.md": [
        "text test_the_architecture_shows_the_layers",
        "mermaid: a diagram",
        "mermaid: a diagram",
    ],
    "docs/awx.md": [
        "shell test_the_image_is_built_for_the_definitions",
        "yaml test_the_play_reads_the_definitions_as_its_command_starts_it",
        "shell test_the_commands_before_the_play",
        "yaml test_the_play_reads_the_definitions_as_its_command_starts_it",
        "shell test_the_play_reads_the_definitions_as_its_command_starts_it",
        "yaml test_the_variables_of_a_host_in_awx",
        "yaml test_the_variables_of_every_object_reach_awx_as_a_mapping",
        "mermaid: a diagram",
        "yaml test_the_blocks_of_the_documentation",
        "yaml test_the_blocks_of_the_documentation",
        "yaml test_certificates_from_the_node_for_a_job",
    ],
    "docs/conformance.md": [
        "shell test_check_a_site_and_simulate_it",
        "text: for an issue, filled in by a person",
        "shell test_check_a_site_and_simulate_it",
    ],
    "docs/consumers.md": [
        "yaml test_what_programs_have_to_be_told",
        "shell test_what_programs_have_to_be_told",
    ],
    "docs/environments.md": [
        "text test_several_sites",
        "shell test_several_sites",
        "yaml test_a_second_login_with_its_own_key",
        "shell test_a_second_login_with_its_own_key",
    ],
    "docs/existing-repository.md": [
        "yaml test_the_roles_in_an_existing_repository",
        "shell test_the_groups_of_an_installation_by_qlik_sense",
    ],
    "docs/findings.md": ["text: generated"] * len(blocks("docs/findings.md")),
    "docs/getting-started.md": [
        "shell test_the_tutorial_from_an_empty_directory",
        "shell test_the_tutorial_from_an_empty_directory",
        "yaml test_the_tutorial_from_an_empty_directory",
        "yaml test_the_tutorial_from_an_empty_directory",
        "yaml test_the_tutorial_from_an_empty_directory",
        "shell test_the_tutorial_from_an_empty_directory",
        "shell test_the_tutorial_from_an_empty_directory",
        "text test_the_tutorial_from_an_empty_directory",
        "shell test_the_tutorial_from_an_empty_directory",
        "text test_the_tutorial_from_an_empty_directory",
        "yaml test_the_tutorial_from_an_empty_directory",
        "shell test_the_tutorial_from_an_empty_directory",
    ],
    "docs/installation.md": [
        "shell test_from_galaxy",
        "yaml test_with_a_requirements_file",
        "ini test_from_a_private_automation_hub",
        "shell test_offline",
        "shell test_offline",
    ],
    "docs/performance.md": [
        "shell test_the_commands_start_the_benchmark",
    ],
    "docs/remove.md": [
        "shell test_remove_everything",
        "yaml test_remove_everything",
        "yaml test_what_went_before_a_failure_is_kept_and_comes_back",
        "yaml test_what_went_before_a_failure_is_kept_and_comes_back",
    ],
    "docs/reports.md": [
        "shell test_the_report_of_a_pipeline",
        "promql test_state_and_certificates",
        "yaml test_the_report_of_a_pipeline",
        "yaml test_the_host_that_keeps_reports",
        "shell test_state_and_certificates",
        "shell test_a_pipeline_distinguishes_drift_from_an_unknown_state",
        "shell test_an_upgrade_differs_in_the_release_alone",
    ],
    "docs/rights.md": [
        "yaml test_the_account_with_fewer_rights",
    ],
    "docs/rollback.md": [
        "yaml test_a_task_undoes_a_change",
        "yaml test_a_change_that_does_not_work_is_taken_back",
        "yaml test_a_whole_site_is_taken_back_from_a_file",
        "yaml test_a_whole_site_is_taken_back_from_a_file",
        "yaml test_a_whole_site_is_taken_back_by_a_later_job",
        "yaml test_the_change_of_an_earlier_job_is_undone",
    ],
    "docs/rotation.md": [
        "shell test_replace",
        "shell test_overlap",
        "shell test_overlap",
        "yaml test_the_rehearsal_leaves_nothing",
        "shell test_the_rehearsal_leaves_nothing",
    ],
    "docs/ways-in.md": [
        "yaml test_with_a_token",
        "yaml test_with_a_token",
        "yaml test_with_a_header_or_a_windows_account",
        "yaml test_with_a_header_or_a_windows_account",
    ],
    "roles/conformance/README.md": [
        "shell test_check_a_site_and_simulate_it",
    ],
    "roles/jwt_export/README.md": [
        "yaml test_the_examples_of_other_roles_run",
    ],
    "roles/jwt_keypair/README.md": [
        "yaml test_a_key_from_the_certificate_store",
        "yaml test_the_blocks_of_the_documentation",
        "yaml test_the_blocks_of_the_documentation",
        "yaml test_the_examples_of_the_roles_run",
    ],
    "roles/jwt_remove/README.md": [
        "yaml test_the_examples_of_other_roles_run",
    ],
    "roles/jwt_report/README.md": [
        "yaml test_the_examples_of_other_roles_run",
    ],
    "roles/jwt_restore/README.md": [
        "yaml test_the_examples_of_other_roles_run",
    ],
    "roles/jwt_rotate_key/README.md": [
        "yaml test_the_example_of_the_rotation_runs",
    ],
    "roles/jwt_verify/README.md": [
        "yaml test_the_examples_of_the_roles_run",
    ],
    "roles/jwt_virtual_proxy/README.md": [
        "yaml test_the_examples_of_the_roles_run",
    ],
    "roles/qrs_connection/README.md": [
        "yaml test_the_examples_of_the_roles_run",
    ],
    "roles/qrs_credentials/README.md": [
        "yaml test_certificates_from_the_node",
    ],
    "roles/site_results/README.md": [
        "yaml test_the_examples_of_other_roles_run",
    ],
}


@cache
def source(test: str) -> str:
    """The file of a test. Its name must be unique."""
    (found,) = [
        text
        for path in (ROOT / "tests").glob("*/test_*.py")
        if f"\ndef {test}(" in (text := path.read_text(encoding="utf-8"))
    ]
    return found


def test_every_block_has_an_entry() -> None:
    found = {page: [block.language for block in blocks(page)] for page in PAGES}
    assert {page: languages for page, languages in found.items() if languages} == {
        page: [re.split(r"\W", entry)[0] for entry in entries] for page, entries in BLOCKS.items()
    }


def test_every_fence_belongs_to_a_block() -> None:
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        fences = re.findall(r"^\s*(?:```|~~~)", text, re.MULTILINE)
        assert len(fences) == 2 * len(blocks(page)), page


@pytest.mark.parametrize("page", BLOCKS)
def test_the_tests_exist_and_read_the_page(page: str) -> None:
    path = ROOT / page
    name = path.parent.name if path.parent.parent.name == "roles" else path.name
    for entry in BLOCKS[page]:
        language, _space, test = entry.partition(" ")
        if not language.endswith(":"):
            assert name in source(test), f"{test} does not read {page}"
