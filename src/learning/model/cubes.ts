import { type ParameterSource, slice, type Tensor } from "../../numerics/graph/index.ts";

/** A crop's cubes, the wider one last. @param image `[N, C, V, V, V]` */
export const cubes = (
  image: Tensor,
  { channels, cubes: count }: { readonly channels: number; readonly cubes: number },
): Tensor[] =>
  Array.from({ length: count }, (_, c) => {
    const own = channels / count;
    return count === 1 ? image : slice(image, 1, c * own, (c + 1) * own);
  });

/** A cube's occupancies. @param cube `[N, C, V, V, V]` @returns `[N, 2, V, V, V]` */
export const masksOf = (cube: Tensor): Tensor => slice(cube, 1, cube.shape[1] - 2, cube.shape[1]);

/** A source that asks for each parameter once and gives the same tensor whenever it is asked for by that name again. */
export function shared(source: ParameterSource): ParameterSource {
  const known = new Map<string, Tensor>();
  return (parameter) => {
    const tensor = known.get(parameter.name) ?? source(parameter);
    known.set(parameter.name, tensor);
    return tensor;
  };
}
