import assert from "node:assert/strict";
import { dataAddress, html, joined, raw, safeName } from "./html.ts";

describe("html", () => {
  it("escapes text in content and in attributes", () => {
    const hostile = `"><script>alert('x')</script>&amp;`;
    assert.equal(
      html`<a title="${hostile}">${hostile}</a>`.markup,
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;</a>',
    );
  });

  it("leaves markup and lists of markup alone, and null out", () => {
    const parts = [html`<b>${"<"}</b>`, "&", null, 7];
    assert.equal(html`${parts}${raw("<i>")}`.markup, "<b>&lt;</b>&amp;7<i>");
  });

  it("joins with a separator that is escaped like anything else", () => {
    assert.equal(joined(["a", "b"], " < ").markup, "a &lt; b");
  });

  it("makes names that are safe as files and never leave their folder", () => {
    assert.equal(safeName("Q2-3/2/2 · latency"), "Q2-3-2-2-latency");
    assert.equal(safeName("../../etc/passwd"), "etc-passwd");
    assert.equal(safeName("…"), "unnamed");
  });

  it("holds any text in a data address, half a surrogate pair in JSON too", () => {
    const text = JSON.stringify({ key: "\ud800 #%\n" });
    assert.equal(decodeURIComponent(dataAddress("application/json", text).split(",")[1] ?? ""), text);
  });
});
