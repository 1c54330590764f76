"""Secrets: how many are found, what is taken for one that is none, and what looking for them costs."""

import base64
import random
import statistics
import time

from benchmarks.figure import Figure
from benchmarks.secret_corpus import HELD_OUT, benign, secrets
from mvlake.redaction.known import Known, secrets_in
from mvlake.redaction.provider_rules import PROVIDER_RULES
from mvlake.redaction.redactor import Allowed, Redactor, Tally

KEY = b"\0" * 32
_MB = 1_000_000
_RUNS = 5


def redactor(environment: tuple[tuple[str, str], ...] = ()) -> Redactor:
    """Return a redactor such as a lake has, that knows these variables."""
    known = Known()
    known.learn_all("environment", secrets_in(dict(environment)))
    return Redactor([PROVIDER_RULES], known, key=lambda: KEY, allowed=Allowed())


def missed(seed: int) -> list[str]:
    """Return the texts of a corpus in which the secret still stands."""
    left = []
    for one in secrets(seed):
        text = redactor(one.environment).text(one.text, "cell 1", Tally(), is_code=one.is_code)
        if one.form in text:
            left.append(f"{one.kind}: {one.text}")
    return left


def mistaken(seed: int) -> list[str]:
    """Return what became of the harmless texts in which something was replaced."""
    texts = [(redactor().text(text, "cell 1", Tally(), is_code=is_code), text) for text, is_code in benign(seed)]
    return [changed for changed, text in texts if changed != text]


def detectors() -> list[Figure]:
    """Measure recall, false positives and speed."""
    found, harmless = len(secrets(HELD_OUT)), len(benign(HELD_OUT))
    recall = 100 * (1 - len(missed(HELD_OUT)) / found)
    wrong = 100 * len(mistaken(HELD_OUT)) / harmless
    figures = [
        Figure(f"seeded secrets found, of {found}", recall, 98, found, "%", is_rate=True),
        Figure(f"harmless texts redacted, of {harmless}", wrong, 2, harmless, "%"),
    ]
    return figures + [Figure(f"looking through 1 MB of {what}", _time(text), 30, _RUNS) for what, text in _texts().items()]


def _texts() -> dict[str, str]:
    make = random.Random(1)
    words = ["".join(make.choices("etaoinshrdlucmfw", k=make.randint(2, 9))) for _ in range(5000)]
    return {
        "words": " ".join(make.choices(words, k=200_000))[:_MB],
        "numbers": "\n".join(repr(make.random()) for _ in range(55_000))[:_MB],
        "base64": base64.encodebytes(make.randbytes(_MB * 3 // 4)).decode()[:_MB],
    }


def _time(text: str) -> float:
    """Return the milliseconds that one look takes, with five secrets known by value."""
    looking = redactor(tuple((f"SERVICE_TOKEN_{number}", f"tok{number}Xq9ZkLw83mNvB{number}") for number in range(5)))
    samples = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        looking.text(text, "stdout", Tally())
        samples.append(1000 * (time.perf_counter() - start))
    return statistics.median(samples)
