import {
  averagePool,
  compile,
  convolution,
  type Device,
  gradients,
  groupNorm,
  input,
  mul,
  relu,
  sum,
} from "../index.ts";

/**
 * Run in a process of its own, since a driver may end it: differentiates a small network on the device of argv and on
 * the processor. Ends with 0 where both agree, else prints why not and ends with 3.
 */
const device = process.argv[2] as Device;

const shapes = { x: [1, 4, 8, 8, 8], weight: [8, 4, 3, 3, 3], scale: [8], shift: [8] };
const [x, weight, scale, shift] = Object.entries(shapes).map(([name, shape]) => input(name, shape));
const y = averagePool(relu(groupNorm(convolution(x, weight), scale, shift, 2)), 2);
const outputs = { gradient: gradients(sum(mul(y, y)), [weight])[0] };
const feeds = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => {
    const length = shape.reduce((a, b) => a * b);
    return [name, { data: Float32Array.from({ length }, (_, i) => Math.sin(7 * i + length)), shape }];
  }),
);

try {
  const [expected, found] = [await gradientOn("cpu"), await gradientOn(device)];
  const scale = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
  // Reduced precision (TF32) is within 1e-2.
  if (!(worst < 0.02 * scale)) fail(`gradients are off by ${worst / scale}`);
} catch (error) {
  fail((error as Error).message);
}

function fail(why: string): void {
  process.stdout.write(why);
  process.exitCode = 3;
}

async function gradientOn(device: Device): Promise<Float32Array> {
  const session = await compile({ outputs }, { device });
  return (await session.run(feeds)).gradient;
}
