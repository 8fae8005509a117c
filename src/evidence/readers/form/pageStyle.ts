/** The reading page's style sheet: system font and colours, light and dark, from 20 rem wide. */
export const pageStyle = `
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 25%, Canvas); --soft: color-mix(in srgb, CanvasText 65%, Canvas); --accent: #0067a5; }
@media (prefers-color-scheme: dark) { :root { --accent: #6fc1f5; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas; accent-color: var(--accent); }
header, main, footer { max-width: 44rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1rem; }
header p, footer { color: var(--soft); font-size: .875rem; }
header p { margin: .25rem 0; }
h1 { font-size: 1.125rem; margin: 0; }
h2 { font-size: 1.375rem; margin: 1rem 0 0; overflow-wrap: anywhere; }
h2:focus { outline: none; }
progress { width: 100%; height: .75rem; }
.mode { font-weight: 600; margin: 0; min-height: 1.5em; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem 1rem; min-width: 0; }
legend { font-weight: 600; padding: 0 .35rem; }
.question { margin: 0 0 .5rem; }
.model { margin: 0 0 .5rem; padding: .35rem .6rem; border-left: 4px solid var(--accent); background: color-mix(in srgb, var(--accent) 12%, Canvas); }
.percent { display: grid; grid-template-columns: 1fr 5rem; gap: .25rem 1rem; align-items: center; }
.percent input[type=range] { width: 100%; height: 2.75rem; margin: 0; }
.percent input.unset[type=range] { opacity: .45; }
.percent input[type=number] { width: 100%; min-height: 2.75rem; font: inherit; text-align: right; padding: 0 .4rem; }
.ends { display: flex; justify-content: space-between; gap: 1rem; font-size: .8125rem; color: var(--soft); }
.five { display: grid; grid-template-columns: repeat(5, 1fr); gap: .4rem; }
.five label { display: flex; flex-direction: column; align-items: center; text-align: center; gap: .2rem; padding: .5rem .2rem; min-height: 2.75rem; border: 1px solid var(--line); border-radius: .4rem; font-size: .8125rem; }
.five label:has(:checked) { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 15%, Canvas); }
.state { margin: .35rem 0 0; font-size: .8125rem; color: var(--soft); }
.moves { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; }
button, select { font: inherit; min-height: 2.75rem; padding: .3rem 1rem; max-width: 100%; }
.moves button { flex: 1 1 8rem; }
button[type=submit] { font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.status { min-height: 1.5em; margin: 0; font-size: .875rem; }
footer { border-top: 1px solid var(--line); margin: 1.5rem auto 0; padding-top: .5rem; padding-bottom: 2rem; }
@media (max-width: 30rem) { .five { grid-template-columns: 1fr; } .five label { flex-direction: row; gap: .6rem; padding: .3rem .8rem; text-align: left; } }
`;
