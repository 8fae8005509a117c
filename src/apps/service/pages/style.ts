import { customProperties, dark, light } from "../../../page/palette.ts";

/** Style of the service's pages: light and dark, no font or image from elsewhere. */
export const style = `
:root { color-scheme: light dark; ${customProperties(light)} }
@media (prefers-color-scheme: dark) { :root { ${customProperties(dark)} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.45 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "Nimbus Sans", sans-serif; font-variant-numeric: tabular-nums;
}
header, main, footer { max-width: 84rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 1.2rem; }
.kicker { margin: 0; font-size: .8125rem; font-weight: 600; letter-spacing: .03em; color: var(--accent); }
h1 { margin: .2rem 0 .6rem; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 1.8rem 0 .5rem; padding-bottom: .2rem; font-size: 1.1rem; border-bottom: 1px solid var(--rule); }
.who { font-size: 1.05rem; font-weight: 400; color: var(--muted); }
.banner { margin: 0 0 1rem; padding: .5rem .9rem; color: var(--warn); background: var(--warn-tint); border: 1px solid var(--warn-rule); border-left-width: 6px; }
.whobar { display: flex; flex-wrap: wrap; gap: .3rem .8rem; justify-content: end; align-items: center; margin: 0 0 .4rem; font-size: .8125rem; color: var(--muted); }
.whobar button { min-height: 0; padding: .15rem .6rem; font-size: .8125rem; }
.narrow { display: grid; gap: .9rem; max-width: 24rem; margin: 0 0 1.2rem; }
.narrow input, .narrow select, .narrow button { width: 100%; }
.narrow fieldset { display: grid; gap: .3rem; margin: 0; padding: .5rem .8rem; border: 1px solid var(--hair); }
.narrow label.check { display: flex; gap: .5rem; align-items: center; }
.narrow label.check input { width: auto; min-height: 0; }
a.button { display: inline-block; padding: .5rem .9rem; border: 1px solid var(--muted); border-radius: 3px; background: var(--tint); font-weight: 600; text-decoration: none; }
.secret { padding: .6rem .9rem; background: var(--tint); border: 1px solid var(--rule); font-family: monospace; user-select: all; }
.muted, .empty { color: var(--muted); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 0; padding: .5rem 1rem; background: var(--paper); z-index: 1; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
form.ask { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: 0 0 1rem; }
label { display: grid; gap: .15rem; font-size: .8125rem; color: var(--muted); }
label.wide { flex: 1 1 16rem; }
input, select, button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: 3px; padding: .4rem .6rem; min-height: 2.4rem; }
button { font-weight: 600; cursor: pointer; background: var(--tint); }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; margin: .8rem 0; }
.states { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; margin: 0 0 1rem; padding: 0; font-size: .875rem; }
.states a[aria-current] { font-weight: 700; color: var(--ink); text-decoration: none; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; line-height: 1.35; border-top: 2px solid var(--rule); }
caption { text-align: left; padding: 0 0 .4rem; color: var(--muted); font-size: .8125rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem .45rem 0; border-bottom: 1px solid var(--hair); font-weight: 400; }
thead th { font-weight: 600; white-space: nowrap; border-bottom-color: var(--rule); }
td.whole, th.whole { white-space: nowrap; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
td.num, th.num { text-align: right; white-space: nowrap; }
tbody tr:hover { background: var(--tint); }
.sub { display: block; font-size: .8125rem; color: var(--muted); }
.state { display: inline-block; white-space: nowrap; padding: .05rem .45rem; border: 1px solid var(--muted); border-radius: 3px; font-size: .8125rem; font-weight: 600; }
.state.answered { color: var(--right); border-color: currentColor; }
.state.not-read, .state.failed { color: var(--warn); background: var(--warn-tint); border-color: var(--warn-rule); }
.state.canceled { color: var(--muted); }
.flag { color: var(--warn); font-size: .8125rem; }
.news:empty { display: none; }
.news { margin: 0 0 1rem; padding: .4rem .8rem; border: 1px solid var(--rule); background: var(--tint); }
.pages { display: flex; gap: 1.5rem; margin: 1rem 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.2rem; margin: 0; max-width: 60rem; }
dt { font-weight: 600; } dd { margin: 0; }
iframe { display: block; width: 100%; height: min(75vh, 60rem); border: 1px solid var(--hair); background: var(--paper); }
footer { margin-top: 2.5rem; padding-top: .8rem; padding-bottom: 2rem; border-top: 1px solid var(--hair); font-size: .8125rem; color: var(--muted); }
@media (max-width: 46rem) {
  header, main, footer { padding-left: 1rem; padding-right: 1rem; }
  .scroll table, .scroll caption, .scroll tbody, .scroll tr, .scroll td, .scroll th[scope=row] { display: block; border: 0; padding: 0; }
  .scroll thead { display: none; }
  .scroll tr { padding: .6rem 0; border-bottom: 1px solid var(--hair); }
  .scroll td[data-name]::before { content: attr(data-name) ": "; color: var(--muted); }
  .scroll td.num { text-align: left; }
  .scroll td:empty { display: none; }
  dl { grid-template-columns: minmax(0, 1fr); } dd { margin: 0 0 .4rem; }
}
`;
