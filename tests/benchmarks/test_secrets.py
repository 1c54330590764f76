"""The figures of `python -m benchmarks secrets` do not fall below what they were."""

from benchmarks.secret_corpus import HELD_OUT, TUNING, benign, secrets
from benchmarks.secrets import missed, mistaken


def test_the_corpus_is_as_large_as_it_says():
    assert len(secrets(HELD_OUT)) >= 200
    assert len({one.text for one in secrets(HELD_OUT)}) == len(secrets(HELD_OUT))
    assert len(benign(HELD_OUT)) >= 200
    assert {one.text for one in secrets(HELD_OUT)}.isdisjoint(one.text for one in secrets(TUNING))
    assert all(one.form in one.text for one in secrets(HELD_OUT))


def test_at_least_98_of_100_seeded_secrets_are_found():
    left = missed(HELD_OUT)
    assert len(left) <= 0.02 * len(secrets(HELD_OUT)), left


def test_at_most_2_of_100_harmless_texts_are_touched():
    touched = mistaken(HELD_OUT)
    assert len(touched) <= 0.02 * len(benign(HELD_OUT)), touched
