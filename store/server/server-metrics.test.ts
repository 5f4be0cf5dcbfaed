import assert from "node:assert/strict";
import { Metrics } from "../core/metrics.ts";
import type { HttpNode } from "./http-node.test-support.ts";
import { HttpNodes, until } from "./http-node.test-support.ts";
import { documentedMetrics } from "./metric-table.ts";

/** A scrape, by name and labels as they are printed. */
async function scrape({ origin }: HttpNode): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${origin}/metrics`);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

describe("metrics of a server", () => {
  let nodes: HttpNodes;
  let first: HttpNode;
  let second: HttpNode;

  before(async () => {
    nodes = await HttpNodes.prepare([
      { name: "shop", n: 2, w: 2, r: 1 },
      { name: "notes", n: 2, w: 2, r: 1, versions: "siblings" },
    ]);
    const [one, two] = await nodes.start(2);
    assert.ok(one !== undefined && two !== undefined);
    first = one;
    second = two;
    await until(async () => (await first.client.reachedPeers()).length === 1);
    await until(async () => (await second.client.reachedPeers()).length === 1);
  });
  after(() => nodes.close());

  it("are those of the table, and no others", async () => {
    const text = await (await fetch(`${first.origin}/metrics`)).text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    const documented = documentedMetrics.map(({ name, type }) => `${name} ${type}`);
    assert.deepEqual(types.sort(), documented.sort());
  });

  it("count everything that the core counts", () => {
    const names = documentedMetrics.map(({ name }) => name);
    const now = ["hintsKept", "oldestHintUs", "suspectedPeers"];
    for (const name of Object.keys(new Metrics()).filter((each) => !now.includes(each))) {
      const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      assert.ok(names.includes(`store_${snake}_total`), name);
    }
  });

  it("tell what was asked of one server, and not of another in the same process", async () => {
    await first.client.put("shop", "a", 1);
    await first.client.put("shop", "b", 1);
    await first.client.delete("shop", "b");
    await first.client.get("shop", "a");
    await assert.rejects(() => first.client.put("barn", "a", 1), { code: "UnknownKeyspace" });
    const [of, ofOther] = [await scrape(first), await scrape(second)];
    const expected = {
      store_puts_total: 2,
      store_deletes_total: 1,
      store_gets_total: 1,
      'store_request_duration_seconds_count{f="put",outcome="ok"}': 2,
      'store_request_duration_seconds_count{f="put",outcome="UnknownKeyspace"}': 1,
      'store_keys{keyspace="shop"}': 2,
      'store_tombstones{keyspace="shop"}': 1,
      'store_peer_up{peer="n2"}': 1,
      store_ready: 1,
      store_open_http_requests: 0,
      store_pending_writes: 0,
      store_disk_full: 0,
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(of.get(name), value, name);
    assert.equal(ofOther.get("store_puts_total"), 0);
    assert.equal(ofOther.get('store_keys{keyspace="shop"}'), 2);
  });

  it("tell of siblings while they are there", async () => {
    await first.client.put("notes", "k", "milk");
    await first.client.put("notes", "k", "eggs");
    assert.equal((await scrape(first)).get('store_keys_with_siblings{keyspace="notes"}'), 1);
    const { context } = await first.client.get("notes", "k");
    assert.ok(context !== null);
    await first.client.put("notes", "k", "both", { context });
    assert.equal((await scrape(first)).get('store_keys_with_siblings{keyspace="notes"}'), 0);
  });

  it("tell how long the disk took, and how much it holds", async () => {
    const of = await scrape(first);
    assert.ok((of.get("store_fsync_duration_seconds_count") ?? 0) >= 3);
    assert.ok((of.get("store_fsync_records_sum") ?? 0) >= 3);
    assert.ok((of.get("store_log_bytes") ?? 0) > 100);
  });
});
