"""Style: the sheets of our fragments, scoped by `mvl`.

The ink comes from the host: its variables (JupyterLab, VS Code), else that of the text around. What steps back is translucent, and
the two accents, one for good and added, one for bad and removed, are mixed with the ink: so they are dark on light and light on
dark, whichever theme the desktop has, and keep the contrast that WCAG 2 asks for (AA). `.mvl.mvl` outweighs JupyterLab's rules for
tables. On paper what is folded stays a line, which says what and how much it is.
"""

from mvlake.view.chart_style import CHARTS, OVERLAY

_COLORS = """
.mvl{--mvl-line:var(--jp-border-color2,rgba(128,128,128,.35));--mvl-plus:rgba(46,160,90,.15);--mvl-minus:rgba(214,72,58,.14);
--mvl-plus-word:rgba(46,160,90,.22);--mvl-minus-word:rgba(214,72,58,.2);
--mvl-mono:var(--jp-code-font-family,ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace);
color:var(--jp-content-font-color1,var(--vscode-foreground,inherit));
font-family:var(--jp-content-font-family,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif);
font-size:var(--jp-content-font-size1,14px);line-height:1.5;overflow-wrap:anywhere}
.mvl.mvl .mvl-muted{opacity:.7}
.mvl.mvl .mvl-good{color:color-mix(in srgb,#12a150 60%,currentColor)}
.mvl.mvl .mvl-bad{color:color-mix(in srgb,#e5402f 60%,currentColor)}
.mvl.mvl code,.mvl.mvl pre{font-family:var(--mvl-mono);font-size:.92em;background:none;color:inherit;padding:0;border:0}
.mvl.mvl summary{cursor:pointer}
.mvl.mvl bdi{unicode-bidi:isolate}
"""

# After every tracked cell: small, because it is stored in the notebook each time.
CARD_SHEET = f"""{_COLORS}
.mvl.mvl.mvl-card{{font-size:.92em}}
.mvl.mvl.mvl-card p{{margin:2px 0}}
.mvl.mvl.mvl-card summary{{color:inherit}}
.mvl.mvl.mvl-card .mvl-ref{{margin-right:.7em}}
.mvl.mvl.mvl-card details p{{margin-left:1.1em}}
"""

SHEET = f"""{_COLORS}
.mvl.mvl{{max-width:1100px}}
.mvl.mvl p{{margin:0 0 .5em;text-align:left}}
.mvl.mvl .mvl-title{{font-size:1.25em;line-height:1.35;margin:.2em 0 .35em}}
.mvl.mvl .mvl-section{{margin:1.5em 0 0}}
.mvl.mvl .mvl-heading{{display:flex;flex-wrap:wrap;gap:0 .7em;align-items:baseline;margin:0 0 .35em;padding:0 0 .25em;
border-bottom:1px solid var(--mvl-line)}}
.mvl.mvl .mvl-heading small{{font-size:.92em}}
.mvl.mvl .mvl-prose{{white-space:pre-line}}
.mvl.mvl .mvl-scroll{{overflow-x:auto;margin:0 0 .4em}}
.mvl.mvl table{{border-collapse:collapse;border:0;margin:0;font-size:1em;table-layout:auto;color:inherit}}
.mvl.mvl table tr,.mvl.mvl table tbody tr:nth-child(odd),.mvl.mvl table tbody tr:nth-child(even){{background:none;border:0}}
.mvl.mvl table td,.mvl.mvl table th{{text-align:left;vertical-align:baseline;padding:.16em 1.5em .16em 0;border:0;
font-weight:400;max-width:34em;min-width:2.5em;white-space:normal;line-height:1.45;overflow-wrap:break-word}}
.mvl.mvl table thead,.mvl.mvl table tbody{{border:0}}
.mvl.mvl table td:first-child,.mvl.mvl table th:first-child{{min-width:7.5em}}
.mvl.mvl table.mvl-facts th:first-child{{min-width:3em}}
.mvl.mvl table.mvl-facts td{{max-width:62em}}
.mvl.mvl table thead th{{opacity:.7;font-size:.92em;white-space:nowrap}}
.mvl.mvl table .mvl-number{{text-align:right;font-variant-numeric:tabular-nums}}
.mvl.mvl table.mvl-facts th{{opacity:.7;white-space:nowrap}}
.mvl.mvl pre code{{font-size:1em}}
.mvl.mvl pre{{margin:.2em 0 .7em;line-height:1.5;white-space:pre-wrap;tab-size:4;overflow-wrap:anywhere;
border-left:2px solid var(--mvl-line);padding:.1em 0 .1em .9em}}
.mvl.mvl .mvl-caption{{margin:.7em 0 .15em;font-size:.92em}}
.mvl.mvl pre .mvl-plus,.mvl.mvl pre .mvl-minus{{display:inline-block;width:100%}}
.mvl.mvl pre .mvl-plus{{background:var(--mvl-plus)}}
.mvl.mvl pre .mvl-minus{{background:var(--mvl-minus)}}
.mvl.mvl pre .mvl-word{{font-weight:600;border-radius:2px}}
.mvl.mvl pre .mvl-plus .mvl-word{{background:var(--mvl-plus-word)}}
.mvl.mvl pre .mvl-minus .mvl-word{{background:var(--mvl-minus-word)}}
.mvl.mvl details{{margin:.25em 0 .4em}}
.mvl.mvl details[open]>summary{{margin-bottom:.3em}}
.mvl.mvl .mvl-pictures{{display:flex;flex-wrap:wrap;gap:1em;margin:0 0 .8em}}
.mvl.mvl figure{{margin:0;flex:1 1 260px;min-width:0;max-width:540px}}
.mvl.mvl figure img{{max-width:100%;height:auto;background:#fff;border:1px solid var(--mvl-line)}}
.mvl.mvl figcaption{{opacity:.7;font-size:.92em}}
{CHARTS}{OVERLAY}.mvl.mvl .mvl-number>*{{white-space:nowrap}}
@media (min-width:561px){{.mvl.mvl td .mvl-when{{white-space:nowrap}}.mvl.mvl table .mvl-number{{white-space:nowrap}}}}
@media (max-width:560px){{.mvl.mvl table{{font-size:.88em;width:max-content}}.mvl.mvl table.mvl-facts{{width:auto}}
.mvl.mvl table td,.mvl.mvl table th{{padding-right:.65em;max-width:15em}}.mvl.mvl td.mvl-number>*{{display:block}}
.mvl.mvl table td:first-child,.mvl.mvl table th:first-child{{min-width:0;max-width:11em}}
.mvl.mvl table.mvl-facts th{{white-space:normal}}}}
@media print{{.mvl.mvl{{color:#000;--mvl-line:#bbb}}.mvl.mvl .mvl-scroll{{overflow:visible}}
.mvl.mvl tr,.mvl.mvl figure,.mvl.mvl .mvl-chart{{break-inside:avoid}}
.mvl.mvl .mvl-heading,.mvl.mvl .mvl-caption{{break-after:avoid}}}}
"""

# A whole document adds what a notebook has: margins, ink and a background.
PAGE_SHEET = """
:root{color-scheme:light dark}
body{margin:0 auto;max-width:1100px;padding:28px clamp(14px,4vw,48px);color:#1f2328;background:#fff}
@media (prefers-color-scheme:dark){body{color:#dfe3e8;background:#16191d}}
@media print{body{color:#000;background:#fff;padding:0}}
"""
