import { z } from "zod";

/** Table 1: one row a characteristic, one cell a centre, and the test between the centres. */
export const table1 = z.object({
  centers: z.array(z.object({ center: z.string(), n: z.int() })),
  rows: z.array(
    z.object({
      characteristic: z.string().describe("e.g. `Age, years, mean ± SD`"),
      level: z.string().nullable().describe("e.g. `clear cell`; null where the row is a single figure"),
      cells: z.array(z.string()).describe("one a centre, as printed"),
      p: z.number().nullable(),
      test: z.string().nullable(),
    }),
  ),
});
export type Table1 = z.infer<typeof table1>;
