"""How the page looks: one column on a phone, figure beside table on a desk, plain on paper."""

STYLE = """
:root { --ink: #1c1f24; --soft: #565d66; --line: #d9dce0; --wash: #f5f6f7; --accent: #0b5a8c; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: #fff; color: var(--ink);
  font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Iowan Old Style", Georgia, serif;
  overflow-wrap: break-word;
}
header, main, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1, h2, h3, table, caption, figcaption, dt, dd, summary, nav, .kicker, .tile, .note, svg {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
.kicker { margin: 0; color: var(--soft); font-size: .875rem; letter-spacing: .02em; }
h1 { margin: .25rem 0 .75rem; font-size: clamp(1.8rem, 5vw, 2.6rem); line-height: 1.15; }
h2 { margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--ink);
  font-size: 1.4rem; line-height: 1.25; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1.05rem; }
p, ul, dl { max-width: 42rem; }
p, ul { margin: 0 0 1rem; }
ul { padding-left: 1.2rem; }
li { margin-bottom: .35rem; }
a { color: var(--accent); }
.lead { font-size: 1.15rem; }
.note { color: var(--soft); font-size: .875rem; line-height: 1.5; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; padding: 0; list-style: none;
  max-width: none; font-size: .9rem; }
.tiles { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
  margin: 1.25rem 0 1.5rem; }
.tile { padding: .8rem .9rem; background: var(--wash); border-left: 4px solid var(--accent);
  font-size: .85rem; line-height: 1.4; color: var(--soft); }
.tile b { display: block; color: var(--ink); font-size: 1.6rem; line-height: 1.25; }
.pair { display: grid; gap: 1.25rem 2.5rem; align-items: start; margin: 1rem 0; }
.pair > * { min-width: 0; margin: 0; }
@media (min-width: 60rem) { .pair { grid-template-columns: 1fr 1fr; } }
figure { margin: 1rem 0; }
figure svg { display: block; width: 100%; max-width: 34rem; height: auto; }
figcaption { max-width: 34rem; margin-top: .4rem; color: var(--soft); font-size: .85rem;
  line-height: 1.45; }
.missing { padding: 1rem; background: var(--wash); }
/* A shadow at an edge says that the table goes on there. */
.table { overflow-x: auto; margin: 1rem 0; background:
  linear-gradient(to right, #fff 40%, #fff0) 0 0 / 2.5rem 100% local,
  linear-gradient(to left, #fff 40%, #fff0) 100% 0 / 2.5rem 100% local,
  linear-gradient(to right, #0003, #0000) 0 0 / .7rem 100% scroll,
  linear-gradient(to left, #0003, #0000) 100% 0 / .7rem 100% scroll;
  background-repeat: no-repeat; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
caption { padding: 0 0 .5rem; text-align: left; color: var(--soft); font-size: .85rem; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
th { font-weight: 600; font-size: .85rem; }
thead th { border-bottom-color: var(--ink); vertical-align: bottom; }
tbody th { font-weight: 500; overflow-wrap: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.number { white-space: normal; }
th:last-child, td:last-child { padding-right: 0; }
dl { margin: 0 0 1rem; }
dl div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; padding: .3rem 0;
  border-bottom: 1px solid var(--line); font-size: .9rem; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 30rem) { dl div { grid-template-columns: 1fr; } }
@media screen and (max-width: 60rem) {
  th:first-child { position: sticky; left: 0; background: #fff; }
}
pre { max-height: 24rem; overflow: auto; margin: 0 0 1rem; padding: .9rem 1rem;
  background: var(--wash); font: .8rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; font-weight: 600; }
footer { margin-top: 3rem; padding-bottom: 3rem; color: var(--soft); font-size: .875rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@page { margin: 18mm; }
@media print {
  body { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav { display: none; }
  h2 { break-after: avoid; }
  figure, tr, .tile { break-inside: avoid; }
  pre { max-height: none; white-space: pre-wrap; }
  .table { overflow: visible; background: none; }
}
"""
