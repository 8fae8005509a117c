import { customProperties, dark, light } from "../page/palette.ts";

/** The report's style sheet: light, dark and print; no font, image or anything else from outside. */
export const style = `
:root { color-scheme: light dark; ${customProperties(light)} }
@media screen and (prefers-color-scheme: dark) {
  :root { ${customProperties(dark)} }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 Charter, "Bitstream Charter", "Source Serif 4", Cambria, Georgia, "Times New Roman", serif;
}
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
h1, h2, h3, table, figcaption, .note, .kicker, .byline, .banner, nav, .legend, .panel-title, .phase p, .mark, .absent,
.toggle, dl, footer {
  font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "Nimbus Sans", sans-serif;
}
header { padding-top: 2.5rem; }
.kicker { margin: 0; font-size: .8125rem; letter-spacing: .04em; color: var(--accent); font-weight: 600; }
h1 { margin: .35rem 0 .6rem; font-size: clamp(1.5rem, 4vw, 2.125rem); line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
.byline { margin: 0 0 1.2rem; color: var(--muted); font-size: .875rem; overflow-wrap: anywhere; }
.banner { border: 1px solid var(--warn-rule); border-left-width: 6px; background: var(--warn-tint); color: var(--warn); padding: .75rem 1rem; margin: 0 0 1.25rem; font-size: .9375rem; line-height: 1.45; }
.banner p { margin: 0; } .banner p + p { margin-top: .4rem; }
.abstract { border-top: 2px solid var(--rule); border-bottom: 1px solid var(--hair); padding: .9rem 0 1rem; }
.abstract h2 { margin: 0 0 .3rem; font-size: .9375rem; border: 0; padding: 0; }
.abstract p { margin: 0; max-width: 46rem; hyphens: auto; overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 0; padding: .5rem 1rem; background: var(--paper); z-index: 1; }
nav h2 { margin: 1.2rem 0 .5rem; font-size: .9375rem; border: 0; padding: 0; }
nav ul { list-style: none; padding: 0; margin: 0; font-size: .8125rem; line-height: 1.4; }
nav > ul { columns: 19rem auto; column-gap: 2.2rem; }
nav > ul > li { break-inside: avoid; padding-bottom: .5rem; }
nav > ul > li > a { font-weight: 600; }
nav li li { padding-left: .9rem; color: var(--muted); overflow-wrap: anywhere; }
nav a { display: inline-block; padding: .12rem 0; }
:target { scroll-margin-top: 1rem; }
dt:target, figure:target > figcaption { background: var(--tint); }
a { color: var(--accent); text-underline-offset: .15em; }
h2 { font-size: 1.1875rem; margin: 2.6rem 0 .9rem; padding-bottom: .3rem; border-bottom: 1px solid var(--hair); line-height: 1.3; }
h3 { font-size: .9375rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
figure { margin: 0 0 2.2rem; }
figcaption { font-size: .875rem; line-height: 1.45; max-width: 52rem; overflow-wrap: anywhere; }
figcaption b { color: var(--accent); }
figure:not(.table) > figcaption { margin-top: .7rem; }
figure.table > figcaption { margin-bottom: .5rem; }
.note { font-size: .8125rem; line-height: 1.45; color: var(--muted); max-width: 52rem; overflow-wrap: anywhere; }
figcaption .note { font-size: inherit; }
p.note { margin: .5rem 0 0; }
.mark { display: inline-block; font-size: .75rem; line-height: 1.3; font-weight: 600; color: var(--warn); background: var(--warn-tint); border: 1px solid var(--warn-rule); border-radius: 2px; padding: .05rem .4rem; }
.absent { color: var(--muted); font-size: .875rem; font-style: italic; }
.scroll {
  overflow-x: auto;
  background: linear-gradient(90deg, var(--paper) 40%, transparent) 0 0 / 2.5rem 100% no-repeat local,
    linear-gradient(270deg, var(--paper) 40%, transparent) 100% 0 / 2.5rem 100% no-repeat local,
    linear-gradient(90deg, var(--hair), transparent) 0 0 / .7rem 100% no-repeat scroll,
    linear-gradient(270deg, var(--hair), transparent) 100% 0 / .7rem 100% no-repeat scroll;
}
.scroll:focus-visible, a:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.35; font-variant-numeric: tabular-nums lining-nums; border-top: 2px solid var(--rule); border-bottom: 2px solid var(--rule); }
th, td { text-align: left; vertical-align: top; padding: .34rem .9rem .34rem 0; font-weight: 400; }
th:last-child, td:last-child { padding-right: .25rem; }
thead th { font-weight: 600; vertical-align: bottom; border-bottom: 1px solid var(--rule); }
tbody th[scope=rowgroup] { font-weight: 600; }
tbody th[scope=rowgroup], th[scope=rowgroup] ~ td { padding-top: .6rem; }
tbody + tbody tr:first-child > * { border-top: 1px solid var(--hair); }
th.level { padding-left: 1rem; min-width: 8rem; }
.num { text-align: right; white-space: nowrap; }
thead th.num, .num.wrap { white-space: normal; }
.checklist td:nth-child(2) { width: 38%; }
.key .num { white-space: normal; min-width: 4.4rem; }
@media (min-width: 44rem) { .key th.num { width: 21%; } }
.key td.num, .key th.num { padding-right: .5rem; }
.key .sub a { white-space: nowrap; }
.strong, tr.main th, tr.main td { font-weight: 600; }
.sub { font-size: .8125rem; font-weight: 400; color: var(--muted); }
tr.main .sub { font-weight: 400; }
sup { line-height: 0; font-size: .7em; }
.panels { display: grid; align-items: end; grid-template-columns: repeat(auto-fit, minmax(min(17.5rem, 100%), 1fr)); gap: 1.1rem 1.4rem; }
.panels.small { grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); }
#gates .panels { align-items: start; }
.legend + .panels { margin-top: 1.6rem; }
.panel { max-width: 26rem; min-width: 0; }
.panel-title { margin: 0 0 .3rem; font-size: .875rem; font-weight: 600; }
.wide { max-width: 28rem; }
.plot { display: block; width: 100%; height: auto; overflow: visible; font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; color: var(--ink); }
.plot text, .plot tspan { white-space: pre; }
.flow .arrow { stroke-width: 1; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.2rem; padding: 0; margin: .7rem 0 0; font-size: .8125rem; }
.legend li { display: inline-flex; align-items: center; gap: .45rem; }
.legend svg { flex: none; overflow: visible; }
.toggle { margin: 0 0 .6rem; font-size: .875rem; }
.cases { display: grid; gap: 1.6rem; }
.case { border-top: 1px solid var(--hair); padding-top: .8rem; display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 0 1.6rem; align-items: start; }
.case h3, .case .absent { grid-column: 1 / -1; }
.phases { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .5rem; }
.phase p { margin: .25rem 0 0; font-size: .75rem; color: var(--muted); }
.slice { position: relative; background: #000; line-height: 0; }
.slice img { width: 100%; height: auto; display: block; }
.slice img.mask { position: absolute; inset: 0; height: 100%; opacity: .85; }
figure:has(#hide-masks:checked) .mask { display: none; }
.answers { font-size: .8125rem; }
.right, .wrong { font-weight: 600; white-space: nowrap; }
.right { color: var(--right); } .wrong { color: var(--wrong); }
.caveats { padding-left: 1.2rem; } .caveats li { margin: .3rem 0; max-width: 46rem; overflow-wrap: anywhere; }
section > p { max-width: 46rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.2rem; font-size: .875rem; margin: 0; max-width: 52rem; }
dl + figure { margin-top: 1.6rem; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
footer { border-top: 1px solid var(--hair); margin-top: 2.5rem; padding-top: .9rem; padding-bottom: 2.5rem; color: var(--muted); font-size: .8125rem; }
@media (max-width: 44rem) {
  main, header, footer { padding-left: 1rem; padding-right: 1rem; }
  header { padding-top: 1.5rem; }
  .case { grid-template-columns: minmax(0, 1fr); row-gap: .8rem; }
  .panel { max-width: none; }
  .small .panel { max-width: 18rem; }
  table { font-size: .8125rem; }
  th, td { padding-right: .7rem; }
  th.level { padding-left: .5rem; }
  .scroll th[scope=row] { position: sticky; left: 0; background: var(--paper); }
  .key th[scope=row] { min-width: 5.6rem; max-width: 7rem; overflow-wrap: anywhere; }
  .key th, .key td { padding-right: .35rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; }
}
@media print {
  @page { margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt Helvetica, Arial, sans-serif; } }
  :root { color-scheme: light; }
  body { font-size: 10pt; }
  main, header, footer { max-width: none; padding: 0; }
  .skip, .toggle { display: none; }
  nav > ul { columns: 3; column-gap: 5mm; }
  nav ul { font-size: 7.5pt; }
  a { color: inherit; }
  .scroll { overflow: visible; background: none; }
  .wide { max-width: 95mm; }
  #flow .wide { max-width: 88mm; }
  .panel-title { font-size: 7.5pt; }
  figcaption, .legend { font-size: 8.5pt; } .note { font-size: 8pt; }
  figure { margin-bottom: 6mm; }
  h2 { margin-top: 6mm; }
  .case { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); }
  table { font-size: 8pt; } .sub { font-size: 7.5pt; }
  th, td { padding-right: .5rem; }
  .panels { grid-template-columns: repeat(3, 1fr); gap: 3mm 4mm; }
  .panels.small { grid-template-columns: repeat(4, 1fr); }
  .num { white-space: normal; }
  .checklist { font-size: 7.5pt; }
  figure:not(#examples, .table), .case, tr, tbody, .banner, dl > * { break-inside: avoid; }
  tbody > tr:first-child { break-after: avoid; }
  thead { display: table-header-group; }
  h2, h3, figure.table > figcaption, thead { break-after: avoid; }
  .banner, .mark, .slice, .plot, .legend { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
