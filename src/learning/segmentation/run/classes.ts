/** How a network's answers become labels. */
export interface Classes {
  /** Channels of its answer. */
  readonly channels: number;
  /** What each label but 0 is called. */
  readonly names: ReadonlyMap<number, string>;
  /** One label for each voxel, of [channels, voxels]. */
  decide(values: Float32Array, into: Uint8Array): void;
}

/** Each channel a label, its index: the greatest wins, the first among equals. */
export function exclusiveClasses(channels: number, names: ReadonlyMap<number, string>): Classes {
  return {
    channels,
    names,
    decide(values, into) {
      const voxels = into.length;
      for (let n = 0; n < voxels; n++) {
        let [best, label] = [values[n], 0];
        for (let k = 1; k < channels; k++)
          if (values[k * voxels + n] > best) {
            best = values[k * voxels + n];
            label = k;
          }
        into[n] = label;
      }
    },
  };
}

/**
 * Channels that may overlap: where a value reaches it the channel's label is written, over those of the channels before it.
 * @param order the label of each channel
 * @param reaches whether a value is enough for its label
 */
export function overlappingClasses(
  order: readonly number[],
  names: ReadonlyMap<number, string>,
  reaches: (value: number) => boolean,
): Classes {
  return {
    channels: order.length,
    names,
    decide(values, into) {
      const voxels = into.length;
      into.fill(0);
      for (const [k, label] of order.entries())
        for (let n = 0; n < voxels; n++) if (reaches(values[k * voxels + n])) into[n] = label;
    },
  };
}
