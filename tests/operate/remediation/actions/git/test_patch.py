"""Patches apply strictly, and as git itself would."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.git.patch import diff_of, patched

TEXTS = st.builds(
    lambda lines, end: "".join(lines) + end,
    st.lists(st.sampled_from(["a: 1\n", "b\n", "\n", "- c\r\n", "--- d\n", "@@ e\n", " f\t\n"]), max_size=14),
    st.sampled_from(["", "end", "\x0b"]),
)
OLD = "one\ntwo\nthree\nfour\n"
GOOD = "--- a/f\n+++ b/f\n@@ -2,2 +2,2 @@\n two\n-three\n+3\n"


@given(TEXTS, TEXTS)
def test_a_diff_of_two_texts_leads_from_the_one_to_the_other(old: str, new: str) -> None:
    diff = diff_of("f.yaml", old, new)
    assert bool(diff) == (old != new)
    if diff:
        assert patched("f.yaml", old, diff) == new


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS)
def test_git_applies_the_same_diff_to_the_same_end(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str
) -> None:
    diff, where = diff_of("f.yaml", old, new), tmp_path_factory.mktemp("g")
    if not (diff and old and new):
        return
    (where / "f.yaml").write_bytes(old.encode())
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=where, input=diff.encode(), check=True, capture_output=True)
    assert (where / "f.yaml").read_bytes() == new.encode()


def test_a_patch_written_by_git_applies(tmp_path: Path) -> None:
    for name, text in (("a", OLD), ("b", OLD.replace("three", "3"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f").write_text(text)
    made = subprocess.run(
        ["git", "diff", "--no-index", "--no-prefix", "a/f", "b/f"], cwd=tmp_path, capture_output=True, check=False
    ).stdout.decode()
    assert patched("f", OLD, made) == OLD.replace("three", "3")


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        (GOOD.replace("a/f", "a/other"), "has to name a/f"),
        (GOOD.replace("b/f", "b/../f"), "has to name"),
        (GOOD.replace("--- a/f", "--- /dev/null"), "has to name"),
        ("rename from f\nrename to g\n" + GOOD, "more than change contents"),
        ("old mode 100644\nnew mode 100755\n" + GOOD, "more than change contents"),
        ("deleted file mode 100644\n" + GOOD, "more than change contents"),
        (GOOD + GOOD.replace("/f", "/g"), "hunks of one file only"),
        (GOOD.replace("-three", "-thrice"), "does not apply"),
        (GOOD.replace("-2,2 +2,2", "-1,2 +1,2"), "does not apply"),
        (GOOD.replace("-2,2", "-2,9"), "counts its lines wrongly"),
        (GOOD.replace(" two", "two"), "counts its lines wrongly"),
        ("GIT binary patch\nliteral 3\n" + GOOD, "more than change contents"),
        ("nothing", "has no hunk"),
        ("", "has no hunk"),
        (GOOD + "@@ -1 +1 @@\n-one\n+1\n", "does not apply"),
    ],
)
def test_a_patch_that_does_anything_else_is_refused(patch: str, told: str) -> None:
    with pytest.raises(NotApplicable, match=told):
        patched("f", OLD, patch)
