"""Texts that somebody may put in any field of a lake, to be markup, script, a request, a command or a mess where they are shown.

`MARK` is what a script among them would leave on the page.
"""

MARK = "mvlakeWasHere"
_RUN = f"window.{MARK}=1"

PAYLOADS = (
    f"<script>{_RUN}</script>",
    f"</script><script>{_RUN}</script>",
    f"<img src=x onerror={_RUN}>",
    f"\"><img src=//evil.invalid/a.png onerror='{_RUN}'>",
    f"</style><script>{_RUN}</script>",
    f"</title></svg><script>{_RUN}</script>",
    "</pre></code></td></table></details></div><iframe src=//evil.invalid></iframe>",
    f"<svg onload={_RUN}><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={_RUN}&gt;'>",
    f"javascript:{_RUN}",
    f"<a href=javascript:{_RUN}>x</a> [x](javascript:{_RUN}) ![x](//evil.invalid/b.png)",
    f"\"' onmouseover={_RUN} autofocus onfocus={_RUN} x='",
    f"<button data-commandlinker-command='console:create' data-commandlinker-args='{{}}' onclick={_RUN}>x</button>",
    f"$\\href{{javascript:{_RUN}}}{{x}}$ $$x$$ \\(x\\) \\[\\unicode{{x}}\\]",
    f"a{{width:expression({_RUN});background:url(//evil.invalid/c)}}",
    "@import '//evil.invalid/d.css';",
    f"!!js/function 'function () {{{_RUN}}}' !!python/object/apply:os.system [x]",
    "&lt;script&gt; &amp; &#60;script&#62; &nbsp",
    "<!-- --> <![CDATA[ ]]> <?xml ?> <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
    f"<form id=x name=getElementById action=//evil.invalid/e><input name=attributes autofocus onfocus={_RUN}></form>",
    f"<details open ontoggle={_RUN}><summary>x</summary></details>",
    "\u202egnp.exe\u2066\u2069\u200b\ufeff\U000e0041 \u2028 \u2029",
    "\x1b[31m\x1b]8;;http://evil.invalid\x07x\x1b]8;;\x07 \x00 \x08 \x7f \x9b31m \ud800 \udfff \n\r\n\t [red]{x}",
    "=cmd|' /C calc'!A0 ${7*7} {{7*7}} %s %(x)s `id` ../../../../etc/passwd\\..\\",
    "<" * 1_000_000,
)
