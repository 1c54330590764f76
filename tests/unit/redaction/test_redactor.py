from mvlake.records.facts import Param, ParamSource
from mvlake.records.plain import to_plain
from mvlake.records.redaction import Redaction
from mvlake.redaction.known import Known
from mvlake.redaction.marker import CLOSES, keyed_hash, markers_in
from mvlake.redaction.provider_rules import PROVIDER_RULES
from mvlake.redaction.redactor import Allowed, Redactor, Tally
from mvlake.redaction.walk import LiveWalk, Walk, live_texts, texts_in

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
KEY = b"k" * 32


def redactor(*, allowed=None, known=None):
    return Redactor([PROVIDER_RULES], known or Known(), key=lambda: KEY, allowed=allowed or Allowed())


def test_equal_secrets_leave_equal_marks_and_others_do_not():
    tally = Tally()
    text = redactor().text(f"{TOKEN} {TOKEN[:-1]}9 {TOKEN}", "stdout", tally)
    first, second, third = markers_in(text)
    assert first == third != second
    assert first.rule == "github-token"
    assert TOKEN not in text
    hashes = tuple(sorted({first.hash, second.hash}))
    assert tally.redactions() == (Redaction("github-token", "stdout", 3, hashes=hashes),)


def test_without_the_key_the_mark_says_nothing():
    assert keyed_hash(KEY, TOKEN) != keyed_hash(b"j" * 32, TOKEN)


def test_a_text_without_secrets_is_the_very_same_and_asks_for_no_key():
    def refuse():
        raise AssertionError("nobody needs a key here")

    text = "auc = 0.93\n" * 3
    assert Redactor([PROVIDER_RULES], Known(), key=refuse, allowed=Allowed()).text(text, "stdout", Tally()) is text


def test_redacting_once_more_changes_nothing():
    once = redactor().text(f'token = "{TOKEN}"\npassword = "hunter2x9"\n', "cell 1", Tally(), is_code=True)
    assert redactor().text(once, "cell 1", Tally(), is_code=True) == once


def test_what_code_says_is_found_in_another_form_afterwards():
    looking = redactor()
    looking.learn('password = "tr0ub4dor&3"')
    assert "tr0ub4dor" not in looking.text("https://x.org/?p=tr0ub4dor%263", "stdout", Tally())


def test_a_lake_allows_hashes_but_never_what_is_surely_secret():
    known = Known()
    known.learn("environment.GH_TOKEN", TOKEN, is_sure=True)
    mark = keyed_hash(KEY, TOKEN)
    by_lake, by_user = Allowed(by_lake=frozenset({mark})), Allowed(by_user=frozenset({mark}))
    assert TOKEN in redactor(allowed=by_lake).text(TOKEN, "x", Tally())
    assert TOKEN not in redactor(allowed=by_lake, known=known).text(TOKEN, "x", Tally())
    assert TOKEN in redactor(allowed=by_user, known=known).text(TOKEN, "x", Tally())
    rule_of_lake = Allowed(by_lake=frozenset({"github-token"}))
    assert TOKEN not in redactor(allowed=rule_of_lake).text(TOKEN, "x", Tally())


def test_a_record_is_rewritten_where_it_holds_a_secret_and_else_the_same():
    clean = Param("depth", 3, ParamSource.LITERAL)
    assert Walk(redactor(), Tally(), "params").record(clean) is clean
    for value in (TOKEN, [1, TOKEN], {"a": TOKEN}, to_plain((TOKEN,)), to_plain(TOKEN.encode()), to_plain({1: TOKEN})):
        changed = Walk(redactor(), Tally(), "params").record(Param("x", value, ParamSource.LITERAL))
        assert TOKEN not in str(changed)
        assert [one.rule for one in markers_in(str(changed))] == ["github-token"]


def test_a_name_makes_a_value_secret():
    for value in ("correct horse", {"password": "correct horse"}, to_plain({1: 2, "password": "correct horse"})):
        named = Param("db_password" if value == "correct horse" else "config", value, ParamSource.LITERAL)
        changed = Walk(redactor(), Tally(), "params").record(named)
        assert "correct horse" not in str(changed), value
        assert not redactor().is_clean(texts_in(named)) or isinstance(value, dict)


def test_a_live_value_keeps_its_form_and_what_is_no_text_of_its_own_is_not_asked():
    class Trap:
        def __getattribute__(self, name):
            raise AssertionError("asked")

        __eq__ = __hash__ = __repr__ = __str__ = None

    trap = Trap()
    shared = [TOKEN]
    value = {"a": (TOKEN, 1), "b": [trap, shared, shared], "c": TOKEN.encode() + b"\xff", "password": "correct horse"}
    looking, tally = redactor(), Tally()
    walk = LiveWalk(lambda text: looking.text(text, "x", tally), lambda text: looking.named(text, "x", tally))
    changed = walk.value(value)
    assert [type(one) for one in changed.values()] == [tuple, list, bytes, str]
    assert changed["b"][0] is trap
    assert changed["b"][1] is changed["b"][2]
    assert changed["c"].endswith(CLOSES.encode() + b"\xff")
    assert TOKEN not in "\n".join(live_texts(changed))
    assert "correct horse" not in changed["password"]
    assert value["a"][0] == TOKEN  # the user's own is untouched
    assert walk.value(trap) is trap


def test_a_container_that_is_a_part_of_itself_ends():
    loop = [TOKEN]
    loop.append(loop)
    looking = redactor()
    changed = LiveWalk(lambda text: looking.text(text, "x", Tally()), str).value(loop)
    assert TOKEN not in changed
    assert list(live_texts(loop)) == [TOKEN]
