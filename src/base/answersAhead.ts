import { on } from "node:events";
import { Worker } from "node:worker_threads";

/** Answers prepared ahead of the one in use. */
const ahead = 2;

/**
 * A worker thread's answers in the order of the questions, the next prepared while the current one is used.
 * @param worker a module that posts one message for each it is sent
 */
export async function* answersAhead<Q, A>(
  worker: URL,
  workerData: unknown,
  questions: Iterable<Q>,
): AsyncGenerator<A> {
  const thread = new Worker(worker, { workerData });
  // Answers come in the order of the questions; an error of the worker ends the iteration. A race of each answer against
  // one promise of that error would keep every answer alive as long as that promise.
  const answers: AsyncIterator<unknown[]> = on(thread, "message");
  const left = questions[Symbol.iterator]();
  let asked = 0;
  const ask = () => {
    const { done, value } = left.next();
    if (done) return;
    thread.postMessage(value);
    asked++;
  };
  try {
    for (let n = 0; n < ahead; n++) ask();
    for (let got = 0; got < asked; got++) {
      const [answer] = (await answers.next()).value as [A];
      yield answer;
      ask();
    }
  } finally {
    await thread.terminate();
  }
}
