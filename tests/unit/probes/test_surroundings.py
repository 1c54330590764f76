"""What is told of machine, container, graphics processors, conda and variables, from the files and values that tell it."""

import os
import subprocess
import sys
from threading import Event

import pytest

from mvlake.capture.analysis import analyze
from mvlake.capture.probes import environment as probe
from mvlake.capture.probes.conda import conda_packages
from mvlake.capture.probes.disk import DiskReader, OnDisk
from mvlake.capture.probes.environment import environment, imports_of
from mvlake.capture.probes.gpu import graphics
from mvlake.capture.probes.machine import container, distribution, memory, processor
from mvlake.capture.probes.pools import pools
from mvlake.capture.probes.variables import ALLOWED, variables
from mvlake.records.environment import CondaPackage, Gpu, ThreadPool, Variable

INFORMATION = """Model: \t\t NVIDIA H100 80GB HBM3
IRQ:   \t\t 171
GPU UUID: \t GPU-1d2a7c1e-0000-0000-0000-7f3c4b5a6d7e
Video BIOS: \t 96.00.61.00.01
"""
VERSION = """NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  560.35.03  Release Build  (dvs-builder@U16)  Fri Aug 16 21:42:42 UTC 2024
GCC version:  gcc version 12.3.0 (Ubuntu 12.3.0-1ubuntu1~22.04)
"""


@pytest.fixture
def without_torch(monkeypatch):
    """A torch that another test has loaded knows of the CUDA that it was made with, which is no file."""
    monkeypatch.delitem(sys.modules, "torch.version", raising=False)


def lay(root, **files):
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def test_graphics_processors_are_told_by_the_driver_s_files(tmp_path, without_torch):
    folder = "proc/driver/nvidia"
    lay(
        tmp_path,
        **{f"{folder}/version": VERSION, "usr/local/cuda/version.json": '{"cuda": {"name": "CUDA SDK", "version": "12.6.1"}}'},
    )
    for card in ("0000:1b:00.0", "0000:43:00.0"):
        lay(tmp_path, **{f"{folder}/gpus/{card}/information": INFORMATION})
    found = graphics(tmp_path)
    assert found.gpus == (Gpu("NVIDIA H100 80GB HBM3"),) * 2
    assert (found.driver, found.cuda) == ("560.35.03", "12.6.1")


@pytest.mark.parametrize("text", ["", "\0", "{}", "[]", '{"cuda": []}', '{"cuda": {"version": 3}}', "Model:", "Kernel Module"])
def test_files_that_say_something_else_say_nothing(tmp_path, text, without_torch):
    lay(tmp_path, **{"proc/driver/nvidia/version": text, "usr/local/cuda/version.json": text})
    lay(tmp_path, **{"proc/driver/nvidia/gpus/0/information": text, "conda-meta/history": text})
    assert graphics(tmp_path) == ((), "", "")
    assert graphics(tmp_path / "nowhere") == ((), "", "")
    assert processor(text) == ("", ())
    assert distribution(text) == ""
    assert memory(text, text) == 0
    assert conda_packages(tmp_path) == ()


def test_containers_are_told_by_what_engines_leave(tmp_path):
    assert container(tmp_path, {}) == ""
    lay(tmp_path, **{".dockerenv": ""})
    assert container(tmp_path, {}) == "docker"
    assert container(tmp_path, {"JUPYTER_IMAGE": "quay.io/jupyter/scipy:2026"}) == "docker quay.io/jupyter/scipy:2026"
    lay(tmp_path, **{"proc/1/cgroup": "0::/kubepods/burstable/pod123/abc\n"})
    assert container(tmp_path, {}) == "kubernetes"
    other = tmp_path / "other"
    lay(other, **{"run/.containerenv": 'engine="podman-4.9"\nname="x"\nimage="docker.io/library/python:3.12"\n'})
    assert container(other, {}) == "podman docker.io/library/python:3.12"
    assert "\n" not in container(other, {"JUPYTER_IMAGE": "a\nb"})


def test_the_packages_of_conda_are_told_by_its_notes(tmp_path):
    lay(
        tmp_path,
        **{"conda-meta/mkl-2024.0-h06a4308_0.json": "{}", "conda-meta/mkl-service-2.4.0-py312_1.json": "", "conda-meta/x": ""},
    )
    assert conda_packages(tmp_path) == (
        CondaPackage("mkl", "2024.0", "h06a4308_0"),
        CondaPackage("mkl-service", "2.4.0", "py312_1"),
    )
    lay(tmp_path, **{"conda-meta/zlib-1.3-h5eee18b_0.json": ""})
    os.utime(tmp_path / "conda-meta", ns=(1, 1))
    assert len(conda_packages(tmp_path)) == 3


def test_only_allowed_variables_are_kept_and_of_paths_their_last_part(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    found = variables(
        {
            "PYTHONHASHSEED": "7",
            "OMP_NUM_THREADS": "4",
            "AWS_SECRET_ACCESS_KEY": "hush",
            "OPENAI_API_KEY": "hush",
            "PYTHONPATH": os.pathsep.join([str(tmp_path / "lib"), "/home/ana/secret/tools", "", "rel"]),
            "VIRTUAL_ENV": "/home/ana/.venvs/fraud",
            "TZ": "x" * 300,
            "LANG": "a\nb",
        }
    )
    told = {one.name: one.value for one in found}
    assert told == {
        "PYTHONHASHSEED": "7",
        "OMP_NUM_THREADS": "4",
        "PYTHONPATH": os.pathsep.join(["lib", "…/tools", "rel"]),
        "VIRTUAL_ENV": "fraud",
    }
    assert not [name for name in ALLOWED if any(word in name for word in ("KEY", "TOKEN", "SECRET", "PASS"))]


def test_thread_pools_are_those_of_loaded_libraries():
    import sklearn
    import torch

    assert sklearn
    found = pools()
    assert ThreadPool("torch", "torch", torch.__version__, torch.get_num_threads()) in found
    assert any(one.kind == "blas" and one.threads >= 1 for one in found)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        assert ThreadPool("torch", "torch", torch.__version__, 1) in pools()
    finally:
        torch.set_num_threads(before)


def test_looking_loads_no_library():
    code = """
import sys
from mvlake.capture.probes.environment import environment
found = environment()
print(sorted({"numpy", "torch", "sklearn", "threadpoolctl"} & set(sys.modules)), found.pools, found.is_hash_random, found.variables)
"""
    world = {name: value for name, value in os.environ.items() if name not in ALLOWED} | {
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=world)
    told = (Variable("PYTHONHASHSEED", "0"), Variable("LC_ALL", "C.UTF-8"))
    assert done.stdout.strip() == f"[] () False {told}"


def test_a_disk_that_hangs_is_told_as_unknown_and_is_there_when_it_answers():
    answer, readings = Event(), []

    def read():
        readings.append(1)
        answer.wait(30)
        return OnDisk(conda=(CondaPackage("a", "1"),))

    reader = DiskReader(read)
    assert reader.collect(0.05).unknown == ("packages and hardware: the disk did not answer within 0.05 s",)
    assert reader.collect(30).unknown  # whoever was slow once is not waited for as long
    assert readings == [1]
    answer.set()
    reader._done.wait(30)
    assert reader.collect(30).conda == (CondaPackage("a", "1"),)


def test_a_disk_that_fails_is_told_as_unknown():
    def read():
        raise RuntimeError("no")

    assert DiskReader(read).collect().unknown == ("packages and hardware: RuntimeError: no",)


def test_the_same_world_is_the_same_record():
    environment()
    assert environment() is environment()


def test_what_cells_import_is_told_by_distribution():
    import sklearn.svm
    import yaml

    assert sklearn.svm
    assert yaml
    environment()
    text = "import numpy as np, os, sys\nfrom sklearn.svm import SVC\nimport torch.nn\nimport yaml, own_module\nfrom mvlake import track"
    found = imports_of([analyze(text), analyze("import pandas")])
    assert [one.package for one in found] == ["python", "mvlake", "numpy", "pandas", "pyyaml", "scikit-learn", "torch"]
    versions = environment().packages
    assert all(one.version == versions[one.package] for one in found[1:])
    assert probe.reader.known().unknown == ()
