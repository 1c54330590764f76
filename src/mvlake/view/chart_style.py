"""Chart style: the part of the sheet for what is drawn, and for pictures on one another."""

# Tones that stand out enough (3:1) on light and on dark alike, so that no theme has to be known.
CHARTS = """
.mvl.mvl .mvl-spark{width:auto;height:1em;vertical-align:-.12em;opacity:.75}
.mvl.mvl .mvl-chart{display:inline-block;vertical-align:top;width:min(100%,515px);
margin:.3em clamp(0px,100% - 515px,30px) 1em 0;box-sizing:border-box}
.mvl.mvl .mvl-chart.mvl-wide{display:block;width:auto;margin-right:0}
.mvl.mvl .mvl-keys{display:flex;flex-wrap:wrap;gap:0 1.2em;margin:0 0 .3em;font-size:.92em}
.mvl.mvl .mvl-key::before{content:"";display:inline-block;width:1.5em;margin-right:.45em;vertical-align:.28em;
border-top:2px solid}
.mvl.mvl .mvl-key small{opacity:.7}
.mvl.mvl .mvl-key.mvl-a::before{border-top-style:dashed}
.mvl.mvl .mvl-plot{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 .5em}
.mvl.mvl .mvl-scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;min-width:2.2em;
font-size:.85em;line-height:1;opacity:.7;font-variant-numeric:tabular-nums}
.mvl.mvl .mvl-drawing{grid-column:2;width:100%;height:150px;display:block;border-bottom:1px solid var(--mvl-line);
border-left:1px solid var(--mvl-line)}
.mvl.mvl .mvl-feet{display:flex;justify-content:space-between;grid-column:2;gap:.5em;margin:.15em 0 0;font-size:.85em;opacity:.7}
.mvl.mvl .mvl-even span{flex:1 1 0;min-width:0;text-align:center}
.mvl.mvl path{vector-effect:non-scaling-stroke;fill:none;stroke-linecap:round;stroke-linejoin:round}
.mvl.mvl .mvl-curve{stroke-width:2}
.mvl.mvl .mvl-rule{stroke-width:1;opacity:.4}
.mvl.mvl path.mvl-a{stroke-dasharray:6 4}
.mvl.mvl path.mvl-rest{stroke-width:1.2;opacity:.35}
.mvl.mvl svg .mvl-a,.mvl.mvl .mvl-key.mvl-a::before{color:#b5651d}
.mvl.mvl svg .mvl-b,.mvl.mvl .mvl-key.mvl-b::before{color:#2878c8}
.mvl.mvl svg .mvl-c,.mvl.mvl .mvl-key.mvl-c::before{color:#2a8a4a}
.mvl.mvl svg .mvl-d,.mvl.mvl .mvl-key.mvl-d::before{color:#9a5fd0}
.mvl.mvl svg .mvl-e,.mvl.mvl .mvl-key.mvl-e::before{color:#12889a}
.mvl.mvl svg .mvl-f,.mvl.mvl .mvl-key.mvl-f::before{color:#c0508f}
"""

# Two pictures on one another: what is scrolled is a track twice as wide as the window, in which both stand still; how far it is
# scrolled is how much of the second is cut away. Keys, fingers and the bar scroll, and no script is needed.
OVERLAY = """
.mvl.mvl .mvl-over{display:none}
@media screen{@supports (animation-timeline:scroll()){.mvl.mvl .mvl-over{display:block}
.mvl.mvl .mvl-over[open]+.mvl-slide{overflow-x:scroll;max-width:720px;margin:0 0 .8em}
.mvl.mvl .mvl-over[open]+.mvl-slide .mvl-track{width:200%}
.mvl.mvl .mvl-over[open]+.mvl-slide .mvl-pictures{position:sticky;left:0;width:50%;display:grid;margin:0}
.mvl.mvl .mvl-over[open]+.mvl-slide figure{grid-area:1/1;max-width:none}
.mvl.mvl .mvl-over[open]+.mvl-slide figure+figure figcaption{text-align:right}
.mvl.mvl .mvl-over[open]+.mvl-slide img{display:block;width:100%}
.mvl.mvl .mvl-over[open]+.mvl-slide figure+figure img{animation:mvl-wipe linear both;animation-timeline:scroll(nearest inline)}
@keyframes mvl-wipe{from{clip-path:inset(0 0 0 0)}to{clip-path:inset(0 0 0 100%)}}}}
"""
