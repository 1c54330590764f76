import shutil
import time

from mvlake.lake.lake import Lake


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


def interrupt_when(kernel, name):
    """Interrupt the kernel when its cell has made a file of this name."""
    file = kernel.folder / name
    while not file.exists():
        time.sleep(0.01)
    file.unlink()
    kernel.manager.interrupt_kernel()


def same_as_untracked(kernel, body):
    ours, theirs = kernel.run(f"%%track bad\n{body}"), kernel.run(f"# a line\n{body}")
    strip = lambda ran: [part[:3] if part[0] == "error" else part for part in ran.shown]  # noqa: E731
    assert strip(ours) == strip(theirs)
    return ours


def test_a_bad_name_fails_before_the_cell_runs_and_says_why(kernel):
    for name in ["a/b", "../etc", "..", "💥", "x" * 500, "-m", "a b c", "'", "name; rm", "--unknown"]:
        ran = kernel.run(f"%%track {name}\nran = True")
        assert ran.status == "error", name
        assert ran.text.startswith("UsageError: "), name
        assert "Hint: " in ran.text, name
        assert len(ran.text) < 600, name
        assert kernel.value("'ran' in globals()") == "False", name


def test_a_cell_that_raises_shows_ipythons_own_error_once_and_is_an_attempt(kernel):
    ran = same_as_untracked(kernel, "print('so far')\nraise ValueError('no')")
    assert ran.cards == []
    lake = lake_of(kernel)
    ((attempt, _),) = lake.log().attempts
    assert (attempt.name, attempt.error_type, attempt.error_message) == ("bad", "ValueError", "no")
    assert lake.log().entries == ()


def test_a_syntax_error_is_ipythons_own_and_an_attempt(kernel):
    same_as_untracked(kernel, "def (:")
    assert lake_of(kernel).log().attempts[0][0].error_type == "SyntaxError"


def test_an_interrupted_cell_is_an_attempt_and_the_kernel_goes_on(kernel):
    request = kernel.start("%%track bad\nimport time\nopen('runs', 'w').close()\nfor _ in range(600): time.sleep(0.1)")
    interrupt_when(kernel, "runs")
    ran = kernel.wait(request)
    assert ran.error == ("KeyboardInterrupt", "")
    assert lake_of(kernel).log().attempts[0][0].error_type == "KeyboardInterrupt"
    assert kernel.value("1 + 1") == "2"


def test_an_interrupt_before_the_first_line_is_the_cell_s(kernel):
    kernel.run("import time, mvlake.capture.kernel as ours\nreal = ours.analyze")
    kernel.run(
        "def slow(text):\n    if 'marker' in text:\n        open('begins', 'w').close()\n        for _ in range(600): time.sleep(0.1)\n    return real(text)"
    )
    kernel.run("ours.analyze = slow")
    request = kernel.start("marker = 1\nprint('ran')")
    interrupt_when(kernel, "begins")
    ran = kernel.wait(request)
    assert ran.error == ("KeyboardInterrupt", "")
    assert ran.text == ""
    request = kernel.start("marker = (")  # it cannot be parsed: the next cell is not interrupted for it
    interrupt_when(kernel, "begins")
    assert kernel.wait(request).error[0] == "SyntaxError"
    assert kernel.run("ours.analyze = real\nprint('ran')").text == "ran\n"
    assert kernel.value("get_ipython().ast_transformers") == "[]"


def test_a_read_only_lake_costs_one_line(kernel):
    kernel.run("%%track first\na = [1]")
    # Root may write anywhere: a file where a folder must be made is what stops it too.
    lake = kernel.folder / "lake" / ".mvlake"
    shutil.rmtree(lake / "tmp")
    (lake / "tmp").write_text("")
    ran = kernel.run("%%track first\na = [2]\nprint('fine')\na")
    assert ran.text == "fine\n"
    assert ran.result == "[2]"
    assert len(ran.cards) == 1
    assert "cannot be written" in ran.cards[0]
    assert "\n" not in ran.cards[0].strip()


def test_a_lake_deleted_while_the_kernel_runs_costs_one_line_and_does_not_come_back(kernel):
    kernel.run("%%track first\na = [1]")
    shutil.rmtree(kernel.folder / "lake")
    ran = kernel.run("%%track first\na = [2]\na")
    assert ran.result == "[2]"
    assert len(ran.cards) == 1
    assert "no lake" in ran.cards[0]
    assert not (kernel.folder / "lake").exists()
    kernel.run("%mv init")
    assert "first:v1" in kernel.run("%%track first\na = [3]").cards[0]


def test_a_damaged_lake_costs_one_line(kernel):
    kernel.run("%%track first\na = [1]")
    kernel.run("%%track first\na = [2]")
    record = kernel.folder / "lake/.mvlake/log/000000/000001.json"
    data = bytearray(record.read_bytes())
    data[60] ^= 1
    record.chmod(0o644)
    record.write_bytes(data)
    kernel.run("%unload_ext mvlake")
    kernel.run("%load_ext mvlake")
    ran = kernel.run("%%track first\na = [3]\na")
    assert ran.result == "[3]"
    assert len(ran.cards) == 1
    assert "damaged" in ran.cards[0]


def test_a_lake_of_a_newer_format_costs_one_line(kernel):
    kernel.run("%%track first\na = [1]")
    settings = kernel.folder / "lake/.mvlake/lake.toml"
    settings.chmod(0o644)
    settings.write_text(settings.read_text().replace("format = 1", "format = 2"))
    kernel.run("%unload_ext mvlake")
    kernel.run("%load_ext mvlake")
    ran = kernel.run("%%track first\na = [3]\na")
    assert ran.result == "[3]"
    assert len(ran.cards) == 1
    assert "format 2" in ran.cards[0]


BREAKING = (
    "import mvlake.capture.{module} as inner\ndef broken(*a, **k):\n    raise {raised}\nkept, inner.{where} = inner.{where}, broken"
)


def test_our_own_hook_raising_anything_leaves_no_trace_in_the_cell(kernel):
    for module, where in (("tracker", "hold_inputs"), ("tracker", "gather"), ("kernel", "analyze"), ("kernel", "bound_since")):
        for raised in (
            "ValueError('x')",
            "SystemExit(3)",
            "KeyboardInterrupt()",
            "MemoryError()",
            "GeneratorExit()",
            "BaseException('b')",
        ):
            if raised == "KeyboardInterrupt()" and where in ("hold_inputs", "analyze"):
                continue  # before the cell it is the user's, and the cell's
            kernel.run(BREAKING.format(module=module, where=where, raised=raised))
            ran = kernel.run("%%track quiet\nprint('out')\n[1]")
            assert ran.shown == [("stream", "stdout", "out\n"), ("execute_result", {"text/plain": "[1]"}, ran.count)], (
                where,
                raised,
            )
            assert (ran.cards, ran.status) == ([], "ok"), (where, raised)
            kernel.run(f"inner.{where} = kept")
    assert "quiet:v1" in kernel.run("%%track quiet\nvalue = [2]").cards[0]
    assert "capture problems" in kernel.run("%mv status").cards[0]


def test_two_kernels_tracking_one_name_at_once_both_keep_their_versions(start_kernel):
    kernels = [start_kernel(), start_kernel()]
    code = 'for i in range(10):\n    get_ipython().run_cell(f\'%%track shared\\nvalue = [{i}, "{__import__("os").getpid()}"]\')'
    requests = [(one, one.start(code)) for one in kernels]
    for one, request in requests:
        one.wait(request)
    lake = lake_of(kernels[0])
    versions = [entry.version.number for entry in lake.log("shared").entries]
    assert versions == list(range(20, 0, -1))
    assert lake.verify().is_clean


def test_unloading_leaves_the_kernel_as_it_was_found(start_kernel):
    kernel = start_kernel(load=False)
    state = (
        "repr((len(ip.input_transformers_cleanup), {k: len(v) for k, v in ip.events.callbacks.items()}, "
        "sorted(ip.magics_manager.magics['cell']), sorted(ip.magics_manager.magics['line']), "
        "ip.magics_manager.magics['line']['mv'].__class__.__name__, sorted(vars(ip.display_pub)), 'write' in vars(__import__('sys').stdout)))"
    )
    kernel.run("ip = get_ipython()\nimport mvlake")
    before = kernel.value(state)
    kernel.run("%load_ext mvlake")
    assert "track" in kernel.run("%lsmagic").shown[0][1]["text/plain"]
    kernel.run("%%track once\nx = [1]")
    kernel.run("%unload_ext mvlake")
    assert kernel.value(state).replace("'track'", "'track'") == before
    assert "%%track" not in kernel.value("sorted(ip.magics_manager.magics['cell'])")


def test_a_reset_namespace_keeps_the_magics_and_complains_of_nothing(kernel):
    assert kernel.run("%reset -f").shown == []
    assert "fresh:v1" in kernel.run("%%track fresh\nx = [1]").cards[0]
    assert kernel.run("%mv log").status == "ok"


def test_the_shells_mv_still_renames(kernel):
    (kernel.folder / "old.csv").write_text("a")
    kernel.run("%mv old.csv new.csv")
    assert (kernel.folder / "new.csv").read_text() == "a"
    assert not (kernel.folder / "old.csv").exists()


QUESTIONS = {
    "show nothing:v1": "no version",
    "show first:v9": "first:v2, first:v1",
    "show first@production": "first has no @production",
    "show a:b:c": "is no ref",
    "compare first:v1": "no parent",
    "load first:v1 nothing": 'holds no "nothing"',
    "sql drop table versions": "refused",
    "load first:v1 a --to x.json": "is a terminal's",
    "at sometime": "is no time",
    "rollback nothing": "no @nothing",
    "promote first:v1 latest": "is no label name",
    "show": "show REF",
    "auto maybe": "on or off",
}


def test_a_bad_question_is_answered_in_one_sentence_that_says_what_exists(kernel):
    kernel.run("%%track first\na = [1]")
    kernel.run("%%track first\na = [2]")
    for line, words in QUESTIONS.items():
        ran = kernel.run(f"%mv {line}")
        assert ran.status == "error", line
        assert words in ran.text, line
        assert "Traceback" not in str(ran.shown), line
