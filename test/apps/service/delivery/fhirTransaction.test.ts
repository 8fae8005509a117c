import { expect, test } from "vitest";
import { fhirTransaction } from "../../../../src/apps/service/delivery/fhirTransaction.ts";
import { fhirReport } from "../../../../src/evidence/predict/documents/fhir.ts";
import { fullPrediction, ownPrediction } from "../../../evidence/predict/aPrediction.ts";

interface Transaction {
  readonly entry: readonly {
    readonly fullUrl: string;
    readonly resource: { readonly resourceType: string; readonly id: string };
    readonly request: { readonly method: string; readonly url: string };
  }[];
}
const of = (seed: string, study: string, prediction = fullPrediction) =>
  fhirTransaction(fhirReport(prediction, { seed }), study) as Transaction;
const urls = ({ entry }: Transaction) => entry.map(({ request }) => request.url);

test.each([fullPrediction, ownPrediction])(
  "every resource is put under an id of its own, and references follow",
  (prediction) => {
    const transaction = of("first", "1.2.3", prediction);
    expect(new Set(urls(transaction)).size).toBe(transaction.entry.length);
    for (const { fullUrl, resource, request } of transaction.entry) {
      expect(request).toEqual({ method: "PUT", url: `${resource.resourceType}/${resource.id}` });
      expect(fullUrl).toBe(`urn:uuid:${resource.id}`);
      // FHIR R4, datatype id.
      expect(resource.id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
    }
    const known = new Set(transaction.entry.map(({ fullUrl }) => fullUrl));
    const referred = [...JSON.stringify(transaction).matchAll(/"reference":"([^"]+)"/g)].map(
      ([, url]) => url,
    );
    expect(referred.length).toBeGreaterThan(transaction.entry.length - 2);
    expect(referred.filter((url) => !known.has(url))).toEqual([]);
  },
);

test("a later result of the study has the same ids; another study has others, but for the model", () => {
  expect(urls(of("second", "1.2.3"))).toEqual(urls(of("first", "1.2.3")));
  const shared = urls(of("first", "1.2.4")).filter((url) => urls(of("first", "1.2.3")).includes(url));
  expect(shared.map((url) => url.split("/")[0])).toEqual(["Device"]);
});
