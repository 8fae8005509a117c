import fc from "fast-check";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { escapeHtml, html, trusted } from "../../src/page/html.ts";

test("text, numbers and lists are escaped or joined; markup stands; nothing prints nothing", () => {
  const inner = html`<b>${"a & b"}</b>`;
  expect(html`<p title="${`"'<`}">${[inner, " ", 3]}${null}${undefined}${false}</p>`.markup).toBe(
    '<p title="&quot;&#39;&lt;"><b>a &amp; b</b> 3</p>',
  );
  expect(html`${trusted("<br>")}`.markup).toBe("<br>");
});

test("no text makes markup, and every printable text comes back as it went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."<>&\"'/=! -script\u00e9\u03c7") }), (text) => {
      const { document } = parseHTML(
        html`<!doctype html><html><body><p title="${text}">${text}</p></body></html>`.markup,
      );
      expect(document.querySelectorAll("body *")).toHaveLength(1);
      expect(document.querySelector("p")?.textContent).toBe(text);
      expect(document.querySelector("p")?.getAttribute("title")).toBe(text);
    }),
  );
});

test("characters that HTML forbids are dropped", () => {
  expect(escapeHtml("a\u0000b\u001b[31m\tc\n\uffff")).toBe("ab[31m\tc\n");
});
