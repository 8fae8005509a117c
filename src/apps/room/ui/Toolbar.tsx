import { change, extent, keysShown, opening, shown, theme, tool, tools, view } from "../store/store.ts";
import { layouts, zoomed } from "../store/view.ts";
import { presets } from "../view/gray.ts";
import { planes } from "../view/plane.ts";
import { words } from "../words.ts";
import { Group } from "./Group.tsx";
import { fitted } from "./keys.ts";

type Preset = keyof typeof presets;

export function Toolbar() {
  const { plane, layout, window, active } = view.value;
  const [[themeShort, themeName], [openShort, openName]] = [words.theme[theme.value], words.open.another];
  const preset = (Object.keys(presets) as Preset[]).find(
    (name) => presets[name].center === window.center && presets[name].width === window.width,
  );
  const zoom = (factor: number) => change((now) => zoomed(now, now.plane, factor, now.point, extent.value));
  return (
    <header class={`toolbar of-${layout}`}>
      <h1 class="name">trinephron</h1>
      <Group
        name="plane"
        label={words.group.plane}
        options={planes.map((each) => [each, words.planes[each]])}
        value={plane}
        choose={(next) => change((now) => ({ ...now, plane: next }))}
      />
      <Group
        name="layout"
        label={words.group.layout}
        options={layouts.map((each) => [each, words.layouts[each]])}
        value={layout}
        choose={(next) => change((now) => ({ ...now, layout: next }))}
      />
      <Group
        name="image"
        label={words.group.image}
        options={shown.value.map(({ phase }, n) => [
          String(n),
          phase ? words.shortPhases[phase] : String(n + 1),
        ])}
        value={String(Math.min(active, shown.value.length - 1))}
        choose={(next) => change((now) => ({ ...now, active: Number(next) }))}
      />
      <Group
        name="window"
        label={words.group.window}
        options={(Object.keys(presets) as Preset[]).map((each) => [each, words.presets[each]])}
        value={preset}
        choose={(next) => change((now) => ({ ...now, window: presets[next] }))}
      />
      <Group
        name="tool"
        label={words.group.tool}
        options={tools.map((each) => [each, words.tools[each]])}
        value={tool.value}
        choose={(next) => {
          tool.value = next;
        }}
      />
      <div class="buttons">
        <button type="button" aria-label={words.zoomOut} onClick={() => zoom(0.8)}>
          −
        </button>
        <button type="button" aria-label={words.zoomIn} onClick={() => zoom(1.25)}>
          +
        </button>
        <button type="button" onClick={() => change(fitted)}>
          {words.fit}
        </button>
        <button
          type="button"
          onClick={() => {
            keysShown.value = true;
          }}
        >
          {words.keys}
        </button>
        <button
          type="button"
          aria-label={themeName}
          onClick={() => {
            theme.value = theme.value === "dark" ? "light" : "dark";
          }}
        >
          {themeShort}
        </button>
        <button
          type="button"
          aria-label={openName}
          onClick={() => {
            opening.value = { state: "empty" };
          }}
        >
          {openShort}
        </button>
      </div>
    </header>
  );
}
