import { customProperties, dark, light } from "../../page/palette.ts";

/**
 * Style of the one-page report of a patient. Lengths of type and gaps are in rem, so that print sets all of them by
 * one font size; in print the pictures take what height the text leaves on the A4 page.
 */
export const predictionStyle = `
:root { color-scheme: light dark; font-size: 13px; ${customProperties(light)} }
@media screen and (prefers-color-scheme: dark) {
  :root { ${customProperties(dark)} }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.6rem 2rem; max-width: 96rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.36 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "Nimbus Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
p, h1, h2, h3, ul, dl, dd, figure { margin: 0; }
ul { padding-left: 1.2em; }
.kicker { float: right; margin-left: 2rem; color: var(--accent); font-weight: 600; letter-spacing: .03em; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: .1rem 0 .2rem; letter-spacing: -.01em; }
.who { display: inline-block; font-size: 1.1rem; font-weight: 400; letter-spacing: 0; color: var(--muted); }
.byline { color: var(--muted); } .byline b { color: var(--ink); }
.banner, .warnings { border: 1px solid var(--warn-rule); border-left-width: .45rem; background: var(--warn-tint); color: var(--warn); padding: .4rem .8rem; margin-top: .6rem; }
.banner { font-size: 1.1rem; }
.warnings h2 { color: inherit; border: 0; margin: 0 0 .1rem; padding: 0; font-size: 1rem; }
.warnings ul { columns: 2; column-gap: 2rem; }
.warnings li { break-inside: avoid; }
.none { margin-top: .6rem; color: var(--muted); }
h2 { font-size: 1.1rem; line-height: 1.25; border-bottom: 1px solid var(--rule); padding-bottom: .15rem; margin: 1rem 0 .45rem; }
h3 { font-size: 1rem; line-height: 1.3; }
.small, .key, figcaption, .sub, .absent, .flag, .scale, .gate, table, caption, dl { font-size: .92rem; line-height: 1.28; font-weight: 400; }
.sub, .absent, .key { color: var(--muted); } .key b { color: var(--ink); }
.flag { display: inline-block; color: var(--warn); background: var(--warn-tint); border: 1px solid var(--warn-rule); border-radius: 2px; padding: 0 .3em; }
.facts p, .facts ul { font-size: .92rem; line-height: 1.3; }
.cards, .images, .facts { display: grid; gap: 0 1.8rem; }
.cards { grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem 1.8rem; }
.card { display: grid; grid-row: span 5; grid-template-rows: subgrid; gap: .35rem; min-width: 0; align-content: start; }
.card h3 { color: var(--accent); }
.decision { font-size: 1.3rem; font-weight: 700; line-height: 1.2; }
.decision .flag { vertical-align: middle; }
.scale { position: relative; padding-top: 1.35rem; line-height: 1.2; }
.scale .value { position: absolute; top: 0; font-size: 1.05rem; font-weight: 700; white-space: nowrap; }
.track { position: relative; height: .75rem; background: var(--grid); border: 1px solid var(--muted); margin: 0 .4rem; }
.above { position: absolute; inset: 0; background: var(--hair); }
.tick { position: absolute; top: -.3rem; bottom: -.3rem; width: 3px; margin-left: -1.5px; background: var(--ink); }
.dot { position: absolute; top: -.2rem; width: 1.05rem; height: 1.05rem; margin-left: -.525rem; border-radius: 50%; background: var(--accent); border: 2px solid var(--paper); outline: 1px solid var(--accent); }
.limit { position: relative; display: inline-block; white-space: nowrap; padding-top: .2rem; }
.ends { display: flex; justify-content: space-between; gap: 1rem; color: var(--muted); }
.ends span:last-child { text-align: right; }
table { width: 100%; border-collapse: collapse; overflow-wrap: break-word; }
caption { text-align: left; padding: .1rem 0 .2rem; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .1rem .5rem .1rem 0; font-weight: 400; border-top: 1px solid var(--grid); }
thead th { font-weight: 600; border-top: 0; border-bottom: 1px solid var(--hair); }
th:last-child, td:last-child { padding-right: 0; }
.num { text-align: right; white-space: nowrap; }
.reasons { align-self: start; }
.reasons .num { width: 4.5rem; }
td b, th b { white-space: nowrap; }
.reasons tbody th[scope=rowgroup] { font-weight: 600; border-top-color: var(--hair); }
.reasons th[scope=row] { padding-left: .9rem; }
.num i { display: block; height: 3px; margin-left: auto; }
i.up { background: var(--s2); } i.down { background: var(--s1); }
.images { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.rows { display: flex; flex-direction: column; }
.images section, .row { display: flex; flex-direction: column; }
.row + .row { margin-top: .3rem; }
.images.alone { display: block; }
@media (min-width: 44rem), print { .alone .rows { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1.8rem; } .alone .row + .row { margin: 0; } }
.tiles { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .5rem; margin: .2rem 0 .5rem; }
.tile { min-width: 0; }
.frame, .missing { aspect-ratio: 1; background: #000; line-height: 0; }
.frame svg { display: block; width: 100%; height: 100%; }
.missing { display: grid; place-items: center; background: transparent; border: 1.5px dashed var(--muted); color: var(--muted); line-height: 1.3; text-align: center; }
figcaption { padding-top: .1rem; text-align: center; }
.ramp { width: 7rem; height: .8rem; vertical-align: -.1rem; }
.key svg { vertical-align: -.1em; }
.facts { grid-template-columns: repeat(3, minmax(0, 1fr)); grid-template-areas: "n p p" "n g f" "v v v"; grid-template-rows: auto 1fr auto; }
.nephrometry { grid-area: n; } .phases { grid-area: p; } .gates { grid-area: g; } .familiarity { grid-area: f; } .provenance { grid-area: v; }
.stacked th[scope=row] { font-weight: 600; }
.facts p + p, .facts p + table, .facts table + p { margin-top: .3rem; }
.agreement { border-left: .35rem solid; padding-left: .5rem; }
.agree { border-color: var(--s3); } .disagree { border-color: var(--warn-rule); }
.gates .small { margin-bottom: .2rem; }
.gate { display: grid; grid-template-columns: 9rem 1fr; align-items: center; }
.stack { display: flex; height: 1.3rem; margin-bottom: 2px; }
.stack span { overflow: hidden; text-align: center; line-height: 1.25rem; border-right: 1px solid var(--paper); }
dl { display: flex; flex-wrap: wrap; gap: 0 1.4rem; }
dl > div { display: flex; gap: .5em; }
dt { font-weight: 600; }
@media screen and (max-width: 60rem) {
  :root { font-size: 15px; }
  body { padding: 1rem; }
  .kicker { float: none; margin: 0; }
  .images, .facts { display: block; }
  .card { display: flex; flex-direction: column; }
  .warnings ul { columns: 1; }
}
@media print, (min-width: 40rem) {
  .stacked th[scope=row], .stacked td:nth-child(4) { white-space: nowrap; }
  .stacked td:nth-child(2) { width: 23%; } .stacked td:nth-child(5) { width: 26%; }
}
@media screen and (max-width: 40rem) {
  .stacked, .stacked tbody, .stacked tr, .stacked th, .stacked td { display: block; }
    .stacked thead { position: absolute; left: -100vw; }
  .stacked tr { border-top: 1px solid var(--hair); padding: .3rem 0; }
  .stacked th, .stacked td { border: 0; padding: 0; }
  .stacked td::before { content: attr(data-head) ": "; color: var(--muted); }
}
@media print {
  @page { size: A4; margin: 7mm 9mm; }
  :root { color-scheme: light; font-size: 7.1pt; }
  body { padding: 0; max-width: none; display: flex; flex-direction: column; height: 282.5mm; line-height: 1.25; }
  main { flex: 1; display: flex; flex-direction: column; min-height: 0; }
  h2 { margin: .55rem 0 .25rem; }
  .banner, .warnings { margin-top: .35rem; padding: .2rem .6rem; }
  .cards { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  th, td { padding-top: .05rem; padding-bottom: .05rem; }
  .card { gap: .2rem; }
  .images { flex: 1 1 62mm; min-height: 62mm; max-height: 99mm; }
  .images section, .rows { flex: 1 1 0; min-height: 0; } .row { flex: 1 1 auto; min-height: 0; }
  .stack, .stack span { height: 1.15rem; line-height: 1.15rem; }
  .images section { height: 100%; }
  .images.alone { max-height: 52mm; min-height: 40mm; display: flex; flex-direction: column; }
  .alone section.explanations { flex: none; height: auto; }
  .tiles { flex: 1 1 0; min-height: 0; margin: .1rem 0 .2rem; }
  .tile { display: flex; flex-direction: column; min-height: 0; }
  .frame, .missing { flex: 1 1 0; min-height: 0; max-width: 100%; max-height: 30.3mm; align-self: center; }
  body, body * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
