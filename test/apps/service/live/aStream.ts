/** A stream of events, and a function that reads it until a text has come. */
export async function aStream(url: string, headers: Record<string, string> = {}) {
  const stopping = new AbortController();
  const response = await fetch(url, { signal: stopping.signal, headers });
  let text = "";
  const chunks = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  return {
    response,
    close: () => stopping.abort(),
    /** Without a text it reads to the end. */
    until: async (wanted?: string | RegExp) => {
      while (
        wanted === undefined ||
        !(typeof wanted === "string" ? text.includes(wanted) : wanted.test(text))
      ) {
        const { value, done } = await chunks.read();
        if (done && wanted === undefined) return text;
        if (done) throw new Error(`ended with ${text}`);
        text += value;
      }
      return text;
    },
  };
}
