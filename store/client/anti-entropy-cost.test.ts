import assert from "node:assert/strict";
import type { Message } from "../core/messages.ts";
import { MessageKind, messageNames } from "../core/messages.ts";
import { StoreNode } from "../core/node.ts";
import { parseKeyspaces } from "../core/options/parse-keyspaces.ts";
import { standardPolicies } from "../core/policies.ts";
import type { Disk, DiskTarget, Runtime, TimerTarget } from "../core/runtime.ts";
import type { LogRecord } from "../core/storage/record.ts";
import { stateRecord } from "../core/storage/record.ts";
import { only } from "../core/versions/version.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import { FrameReader, maxFrameBytes } from "./wire.ts";

const keys = 100_000;
const valueBytes = 100;
const periodMs = 1_000;
const nodeIds = ["n1", "n2"];
const members = nodeIds.map((id) => ({ id, dc: "dc1" }));
const keyspaces = parseKeyspaces([{ name: "k", n: 2, w: 1, r: 1, antiEntropyMs: periodMs }]);
const names = Array.from({ length: keys }, (_, index) => `customer-${index}`);

function recordOf(key: string, time: number): LogRecord {
  const version = { time, node: "n1", incarnation: "00112233aabbccdd", sequence: time % 1_000 };
  const value = `${key} at ${time} `.padEnd(valueBytes, "v");
  return stateRecord("k", 1, key, only({ version, value, deleted: false }));
}

/** What crossed the network, as the peers' connections would carry it. */
class Wire {
  readonly counts = new Map<string, number>();
  bytes = 0;
  #queue: { readonly from: string; readonly to: string; readonly frame: Buffer }[] = [];

  send(from: string, to: string, message: Message): void {
    const frame = encodeMessage(message);
    const name = messageNames[message.kind] ?? "";
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.bytes += frame.length;
    this.#queue.push({ from, to, frame });
  }

  clear(): void {
    this.counts.clear();
    this.bytes = 0;
  }

  /** Delivers until nothing is under way. */
  drain(nodes: ReadonlyMap<string, StoreNode>): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const reader = new FrameReader(maxFrameBytes);
      reader.push(next.frame);
      const frame = reader.next();
      assert.ok(frame !== null);
      nodes.get(next.to)?.receive(next.from, decodeMessage(frame));
    }
  }
}

/** A disk that keeps nothing and says at once that it did. */
const quickDisk: Disk = {
  append: (_record, target, tag) => target?.onDurable(tag),
  sync: (target: DiskTarget, tag) => target.onDurable(tag),
  rotate: () => {},
  snapshot: () => {},
  install: (target, tag) => target.onDurable(tag),
  isFull: false,
  backlog: 0,
};

/** Two nodes and the timers that they wait for. */
class Pair {
  readonly wire: Wire = new Wire();
  readonly nodes: ReadonlyMap<string, StoreNode>;
  readonly #rounds = new Map<string, () => void>();

  constructor(recordsOf: (id: string) => LogRecord[]) {
    this.nodes = new Map(nodeIds.map((id) => [id, this.#start(id, recordsOf(id))]));
  }

  node(id: string): StoreNode {
    const node = this.nodes.get(id);
    assert.ok(node !== undefined);
    return node;
  }

  /** All that a node holds. */
  textOf(id: string): string {
    return JSON.stringify(this.node(id).dump("k"));
  }

  /** One node's period is over. */
  round(id: string): void {
    this.#rounds.get(id)?.();
    this.wire.drain(this.nodes);
  }

  #start(id: string, records: LogRecord[]): StoreNode {
    const runtime: Runtime = {
      wallClockUs: () => 1_000_000_000,
      monotonicUs: () => 0,
      incarnation: `${id}00112233aabbcc`,
      draw: () => 0,
      send: (to, message) => this.wire.send(id, to, message),
      after: (delayUs: number, target: TimerTarget, tag: number) => {
        if (delayUs === periodMs * 1_000) this.#rounds.set(id, () => target.onTimer(tag));
      },
      cancel: () => {},
      disk: quickDisk,
      notes: null,
    };
    const config = { id, members, keyspaces, policies: standardPolicies };
    const node = new StoreNode(config, runtime, { records, dropped: null });
    node.start();
    return node;
  }
}

describe("two replicas of 100,000 keys", () => {
  const dataBytes = names.reduce((sum, name) => sum + name.length + valueBytes, 0);

  it("that differ in 10 are equal after one round, for less than 1% of the data, and then say one thing", () => {
    const pair = new Pair((id) => {
      const records = names.map((name) => recordOf(name, 1_000));
      // Five are newer here, five there, and of those two are known to one side alone.
      for (let index = 0; index < 4; index += 1) {
        const name = names[(index * 7_919 + (id === "n1" ? 11 : 22)) % keys] ?? "";
        records.push(recordOf(name, 2_000));
      }
      records.push(recordOf(`only-on-${id}`, 2_000));
      return records;
    });
    assert.notEqual(pair.textOf("n1"), pair.textOf("n2"));
    pair.round("n1");
    const { wire } = pair;
    const hashes = nodeIds.reduce((sum, id) => sum + pair.node(id).metrics.antiEntropyHashes, 0);
    const compared = nodeIds.reduce((sum, id) => sum + pair.node(id).metrics.antiEntropyKeysCompared, 0);
    const entries = nodeIds.reduce((sum, id) => sum + pair.node(id).metrics.antiEntropyEntries, 0);
    const percent = ((wire.bytes / dataBytes) * 100).toFixed(3);
    const counts = [...wire.counts].map(([name, count]) => `${count} ${name}`).join(", ");
    process.stdout.write(
      `      ${hashes} hashes, ${compared} keys compared, ${entries} sent: ${wire.bytes} bytes, ` +
        `${percent}% of ${dataBytes} (${counts})\n`,
    );
    assert.equal(pair.textOf("n1") === pair.textOf("n2"), true);
    assert.equal(entries, 10);
    assert.ok(wire.bytes < dataBytes / 100, `${wire.bytes} bytes`);
    wire.clear();
    pair.round("n2");
    assert.deepEqual([...wire.counts], [[messageNames[MessageKind.treeHashes], 1]]);
    assert.ok(wire.bytes < 200, `${wire.bytes} bytes`);
  });

  for (const beginner of nodeIds) {
    it(`of which one has but one are equal after one round of ${beginner}`, () => {
      const most = names.slice(0, keys / 4);
      const pair = new Pair((id) =>
        id === "n1" ? most.map((name) => recordOf(name, 1_000)) : [recordOf("x", 1)],
      );
      pair.round(beginner);
      for (const id of nodeIds) assert.equal(pair.node(id).dump("k").length, most.length + 1, id);
      // Each value crosses once; the rest are versions and hashes.
      assert.ok(pair.wire.bytes < (dataBytes / 4) * 2, `${pair.wire.bytes} bytes`);
    });
  }
});
