import { type Delivering, type DeliveryReport, deliver } from "./deliver.ts";
import { type DeliveryJob, deliveryQueue } from "./deliveryQueue.ts";
import type { Destinations } from "./openDestinations.ts";

export interface DeliveriesOptions extends Delivering {
  readonly destinations: Destinations;
  /** How often the queue is asked; 0.5 or more. */
  readonly pollSeconds?: number | undefined;
  readonly onReport?: ((report: DeliveryReport, destination: string) => void) | undefined;
}

/** What sends results to destinations. */
export interface Deliveries {
  /** Ends what is under way, and leaves it to the next. */
  stop(): Promise<void>;
}

/** Takes deliveries from the queues of these destinations, one of each at a time, until it is stopped. */
export async function startDeliveries(options: DeliveriesOptions): Promise<Deliveries> {
  const { queue, destinations, pollSeconds = 1, onReport } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  for (const [name, send] of destinations)
    await queue.work<DeliveryJob>(
      deliveryQueue(name),
      { pollingIntervalSeconds: pollSeconds },
      async ([{ data }]) => {
        const work = deliver(options, send, data.delivery, stopping.signal);
        underWay.add(work);
        try {
          onReport?.(await work, name);
        } finally {
          underWay.delete(work);
        }
      },
    );
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([...destinations.keys()].map((name) => queue.offWork(deliveryQueue(name))));
      await Promise.allSettled(underWay);
    },
  };
}
