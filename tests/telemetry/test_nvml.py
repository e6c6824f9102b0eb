"""NVML of this machine, where there is none; and what of a process's environment is looked at."""

from ctypes.util import find_library
from datetime import timedelta
from pathlib import Path

import pytest

from tools.telemetry.nvml import LiveNvml, NvmlMissing, _variables


def test_without_a_driver_it_says_so() -> None:
    if find_library("nvidia-ml"):
        pytest.skip("this machine has an NVIDIA driver")
    with pytest.raises(NvmlMissing, match="NVML"):
        LiveNvml(timedelta(seconds=1), timedelta(seconds=1))


def test_no_other_variable_is_taken_from_an_environment(tmp_path: Path) -> None:
    (tmp_path / "environ").write_bytes(b"SLURM_JOB_ID=9\0API_KEY=secret\0USER=ada\0")
    assert _variables(tmp_path / "environ") == {"SLURM_JOB_ID": "9", "USER": "ada"}
    assert _variables(tmp_path / "gone") == {}
