import { active, change, shown, view } from "../store/store.ts";
import { planes } from "../view/plane.ts";
import { Viewport } from "./Viewport.tsx";

/** The pictures: all images in one plane, or one image in all planes. */
export function Pictures() {
  const { layout, plane } = view.value;
  const one = active.value;
  if (!one) return null;
  const pictures =
    layout === "phases"
      ? shown.value.map((image) => ({ key: `${image.name} ${plane}`, image, plane }))
      : planes.map((each) => ({ key: `${one.name} ${each}`, image: one, plane: each }));
  const front = pictures.findIndex(({ image, plane: own }) => image === one && own === plane);
  return (
    <div class={`pictures ${layout}`}>
      {pictures.map(({ key, image, plane: own }, n) => (
        <div key={key} class={n === front ? "place front" : "place"}>
          <Viewport
            image={image}
            plane={own}
            first={n === front}
            looked={layout === "phases" ? () => change((now) => ({ ...now, active: n })) : undefined}
          />
        </div>
      ))}
    </div>
  );
}
