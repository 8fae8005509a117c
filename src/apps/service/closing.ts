/** What is to be closed in the end, the last opened first. */
export interface Closing {
  add(close: () => unknown): void;
  /** Closes all, once; what one throws keeps none of the others from being closed. @throws the first of it */
  close(): Promise<void>;
}

export function openClosing(): Closing {
  const closes: (() => unknown)[] = [];
  return {
    add: (close) => void closes.push(close),
    close: async () => {
      const failures: unknown[] = [];
      for (let close = closes.pop(); close; close = closes.pop()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
