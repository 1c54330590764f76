"""Words in HTML."""

from mvlake.view.blocks import Spark, Tone, When, Word, Words
from mvlake.view.charts import spark
from mvlake.view.elements import Node, Text, element
from mvlake.view.moments import day_and_time

# MathJax 3 (JupyterLab) and MathJax 2 (nbconvert) pass over these classes: `$` in data is a dollar.
NO_MATH = "mathjax_ignore tex2jax_ignore"


def words_of(words: Words) -> tuple[Node, ...]:
    """Return the nodes of words."""
    return tuple(_word(word) for word in words)


def _word(word: Word) -> Node:
    if isinstance(word, Spark):
        return spark(word)
    if isinstance(word, When):
        return element("span", day_and_time(word.at) + (" UTC" if word.says_zone else ""), kind="mvl-when")
    text = Text(word.text, word.limit, keeps_lines=word.tone is Tone.PROSE)
    match word.tone:
        case Tone.PLAIN:
            return element("bdi", text)
        case Tone.STRONG:
            return element("strong", text)
        case Tone.CODE:
            return element("code", text)
        case _:
            return element("span", text, kind=f"mvl-{word.tone.value}")
