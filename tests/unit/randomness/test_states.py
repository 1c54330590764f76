"""Reading a generator leaves it as it was; putting a state back gives the same numbers again; a stranger's state is checked."""

import random

import numpy as np
import pytest
import torch

from mvlake.capture.randomness import numpy as of_numpy
from mvlake.capture.randomness import torch as of_torch
from mvlake.capture.randomness.numpy import LegacyFamily, NumpyFamily
from mvlake.capture.randomness.python import PythonFamily
from mvlake.capture.randomness.torch import TorchFamily
from mvlake.records.canonical import canonical, parse
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.plain import from_plain, to_plain
from mvlake.records.randomness import GeneratorState

BITS = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")


def with_kept_normal(generator, draw):
    draw(generator)
    return generator


GENERATORS = {
    "random": (PythonFamily(), lambda: random.Random(5), lambda one: (one.random(), one.gauss())),
    "random with a kept normal": (
        PythonFamily(),
        lambda: with_kept_normal(random.Random(), random.Random.gauss),
        lambda one: (one.gauss(), one.random()),
    ),
    "RandomState": (LegacyFamily(), np.random.RandomState, lambda one: (one.normal(), one.randint(9, size=3).tolist())),
    "RandomState with a kept normal": (
        LegacyFamily(),
        lambda: with_kept_normal(np.random.RandomState(1), np.random.RandomState.normal),
        lambda one: (one.normal(), one.rand()),
    ),
    **{
        bits: (
            NumpyFamily(),
            lambda bits=bits: np.random.Generator(getattr(np.random, bits)()),
            lambda one: (one.normal(), int(one.integers(9, dtype="int16")), one.random()),
        )
        for bits in BITS
    },
    "torch": (TorchFamily(), torch.Generator, lambda one: torch.randn(20, generator=one).tolist()),
}


def through_bytes(state):
    return from_fields(GeneratorState, parse(canonical(to_fields(state))))


@pytest.mark.parametrize("name", GENERATORS)
def test_a_state_goes_to_bytes_and_back_bit_for_bit(name):
    family, make, draw = GENERATORS[name]
    generator, other = make(), make()
    before = family.read(generator)
    stored = through_bytes(family.said(before))
    drawn = draw(generator)
    family.write(other, family.understood(stored))
    assert draw(other) == drawn
    assert family.read(other) == family.read(generator) != before


@pytest.mark.parametrize("name", GENERATORS)
def test_reading_advances_nothing(name):
    family, make, draw = GENERATORS[name]
    generator, other = make(), make()
    family.write(other, family.read(generator))
    for _ in range(3):
        assert family.is_as(generator, family.read(generator))
        family.said(family.read(generator))
        family.is_seeded(generator)
    assert draw(generator) == draw(other)


@pytest.mark.parametrize("name", GENERATORS)
def test_every_draw_is_noticed(name):
    family, make, draw = GENERATORS[name]
    generator = make()
    for _ in range(700):
        before = family.read(generator)
        draw(generator)
        assert not family.is_as(generator, before)


def test_the_use_of_a_kept_normal_number_is_noticed():
    generator = np.random.RandomState(0)
    generator.normal()
    before = LegacyFamily().read(generator)
    generator.normal()  # neither words nor position change
    assert not LegacyFamily().is_as(generator, before)


def test_who_chose_a_seed_is_told():
    assert NumpyFamily().is_seeded(np.random.default_rng(7))
    assert NumpyFamily().is_seeded(np.random.default_rng(np.random.SeedSequence(7).spawn(1)[0]))
    assert not NumpyFamily().is_seeded(np.random.default_rng())
    assert not NumpyFamily().is_seeded(np.random.default_rng().spawn(1)[0])
    assert LegacyFamily().is_seeded(np.random.RandomState(7))
    assert not LegacyFamily().is_seeded(np.random.RandomState())
    assert not LegacyFamily().is_seeded(of_numpy.legacy_global())
    assert TorchFamily().is_seeded(torch.Generator())
    assert not TorchFamily().is_seeded(torch.default_generator)


def test_generators_that_a_library_begins_with_tell_how_they_began():
    generator = torch.Generator().manual_seed(torch.initial_seed())
    assert of_torch.birth() == TorchFamily().read(generator)
    legacy, state = of_numpy.legacy_global(), np.random.get_state()
    try:
        np.random.seed(3)
        assert of_numpy.birth() is None
    finally:
        np.random.set_state(state)
    assert legacy is np.random.mtrand._rand


def changed(state, /, **parts):
    return GeneratorState(state.algorithm, to_plain({**from_plain(state.state), **parts}))


def hostile():
    """Yield families with states that are none of theirs."""
    python = PythonFamily().said(random.Random(0).getstate())
    legacy = LegacyFamily().said(LegacyFamily().read(np.random.RandomState(0)))
    for family, state in ((PythonFamily(), python), (LegacyFamily(), legacy)):
        for position in (-1, 625, 2**70, True, "1", None):
            yield family, changed(state, position=position)
        yield family, changed(state, key=b"short")
        yield family, changed(state, key=[1, 2])
        yield family, changed(state, gauss="x")
        yield family, changed(state, more=1)
    for bits in BITS:
        good = NumpyFamily().said(NumpyFamily().read(np.random.Generator(getattr(np.random, bits)(0))))
        inner = from_plain(good.state)["state"]
        yield NumpyFamily(), changed(good, bit_generator="SFC65")
        yield NumpyFamily(), changed(good, state=3)
        yield NumpyFamily(), changed(good, has_uint32=-1)
        for name, value in inner.items():
            wrong = {"data": b"x", "dtype": "<u8"} if isinstance(value, dict) else -1
            yield NumpyFamily(), changed(good, state={**inner, name: wrong})
        if bits == "Philox":
            yield NumpyFamily(), changed(good, buffer_pos=5)
        if bits == "MT19937":
            yield NumpyFamily(), changed(good, state={**inner, "pos": 625})
    yield TorchFamily(), GeneratorState("torch-cpu", to_plain(b""))
    yield TorchFamily(), GeneratorState("torch-cpu", to_plain(b"x" * (1 << 17)))
    yield TorchFamily(), GeneratorState("torch-meta", to_plain(b"x" * 5056))
    for family in (PythonFamily(), LegacyFamily(), NumpyFamily(), TorchFamily()):
        for nonsense in (None, 3, "x", [], {}, {"$": "dict", "v": []}, {"$": "no", "v": 1}, [[]], {"bit_generator": "PCG64"}):
            yield family, GeneratorState("python-mt19937", nonsense)
            yield family, GeneratorState("numpy-mt19937-legacy", nonsense)
            yield family, GeneratorState("numpy-pcg64", nonsense)
            yield family, GeneratorState("torch-cpu", nonsense)
            yield family, GeneratorState("x" * 1000, nonsense)


def test_a_state_that_could_not_be_one_is_refused_before_it_is_put_back():
    count = 0
    for family, state in hostile():
        count += 1
        with pytest.raises(ValueError):
            family.understood(state)
    assert count > 200


def test_a_torch_state_of_noise_is_refused_by_torch_and_leaves_the_generator():
    generator = torch.Generator()
    before = TorchFamily().read(generator)
    with pytest.raises((RuntimeError, ValueError)):
        TorchFamily().write(generator, TorchFamily().understood(GeneratorState("torch-cpu", to_plain(b"\xff" * 5056))))
    assert TorchFamily().is_as(generator, before)
