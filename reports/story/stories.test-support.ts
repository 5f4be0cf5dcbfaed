import type { HistoryValue } from "../../harness/history/values.ts";
import type { Held } from "../evidence.test-support.ts";
import { evidenceOf, held, nothing, TraceWriter } from "../evidence.test-support.ts";
import type { Evidence } from "../evidence.ts";

/** C3: all three replicas acknowledge a write that none of them keeps. `one` and `two` are the values written. */
export function lostWrite(one: HistoryValue = 1, two: HistoryValue = 2, key: string = "x"): Evidence {
  const first = held(one, 100_012_000, "n1");
  const second = held(two, 40_053_000, "n3");
  const trace = new TraceWriter(key)
    .clock("n3", -60_000)
    .call(1, "n1", 8, 12, 33, 38)
    .note("minted", 1, "n1", 12, first, null)
    .send(1, "writeRequest", "n1", "n2", 12, 18)
    .send(1, "writeRequest", "n1", "n3", 12, 22)
    .note("stored", 1, "n1", 12, first, first)
    .note("stored", 1, "n2", 18, first, first)
    .note("stored", 1, "n3", 22, first, first)
    .send(1, "writeAck", "n2", "n1", 18, 25)
    .send(1, "writeAck", "n3", "n1", 22, 33)
    .call(2, "n3", 48, 53, 79, 84)
    .note("minted", 2, "n3", 53, second, null)
    .note("dropped", 2, "n3", 53, second, first)
    .send(2, "writeRequest", "n3", "n2", 53, 60)
    .send(2, "writeRequest", "n3", "n1", 53, 64)
    .note("dropped", 2, "n2", 60, second, first)
    .note("dropped", 2, "n1", 64, second, first)
    .send(2, "writeAck", "n2", "n3", 60, 68)
    .send(2, "writeAck", "n1", "n3", 64, 79)
    .call(3, "n2", 94, 99, 120, 126)
    .send(3, "readRequest", "n2", "n1", 99, 105)
    .send(3, "readRequest", "n2", "n3", 99, 105)
    .send(3, "readAnswer", "n1", "n2", 105, 112)
    .send(3, "readAnswer", "n3", "n2", 105, 120)
    .note("answered", 3, "n2", 120, first, null);
  return evidenceOf({
    calls: [
      { id: 1, client: "at-n1", node: "n1", f: "write", value: one, from: 8, until: 38 },
      { id: 2, client: "at-n3", node: "n3", f: "write", value: two, from: 48, until: 84 },
      { id: 3, client: "at-n1", node: "n2", f: "read", result: one, from: 94, until: 126 },
    ],
    faults: [{ id: 1, atUs: 0, untilUs: null, kind: "skew", nodes: ["n3"], offsetUs: -60_000_000 }],
    trace: trace.events,
    key,
    keyspace: { w: 3, r: 3 },
  });
}

/** Q2: a read meets a write half-way, and a later one misses it. */
export function readInversion(): Evidence {
  const first = held(1, 100_004_000, "n1");
  const second = held(2, 100_024_000, "n1");
  const trace = new TraceWriter()
    .call(1, "n1", 2, 4, 10, 12)
    .note("minted", 1, "n1", 4, first, null)
    .note("stored", 1, "n1", 4.5, first, first)
    .send(1, "writeRequest", "n1", "n2", 4, 7)
    .send(1, "writeRequest", "n1", "n3", 4, 8)
    .note("stored", 1, "n2", 7.5, first, first)
    .note("stored", 1, "n3", 8.5, first, first)
    .send(1, "writeAck", "n2", "n1", 7.5, 10)
    .send(1, "writeAck", "n3", "n1", 8.5, 11)
    .call(2, "n1", 22, 24, 61, 63)
    .note("minted", 2, "n1", 24, second, null)
    .note("stored", 2, "n1", 24.5, second, second)
    .send(2, "writeRequest", "n1", "n2", 24, 58)
    .send(2, "writeRequest", "n1", "n3", 24, 56)
    .call(3, "n2", 26, 28, 34, 36)
    .send(3, "readRequest", "n2", "n1", 28, 31)
    .send(3, "readRequest", "n2", "n3", 28, 33)
    .send(3, "readAnswer", "n1", "n2", 31, 34)
    .send(3, "readAnswer", "n3", "n2", 33, 38)
    .note("answered", 3, "n2", 34, second, null)
    .call(4, "n3", 40, 42, 48, 50)
    .send(4, "readRequest", "n3", "n2", 42, 45)
    .send(4, "readRequest", "n3", "n1", 42, 52)
    .send(4, "readAnswer", "n2", "n3", 45, 48)
    .send(4, "readAnswer", "n1", "n3", 52, 55)
    .note("answered", 4, "n3", 48, first, null)
    .note("stored", 2, "n3", 56.5, second, second)
    .note("stored", 2, "n2", 58.5, second, second)
    .send(2, "writeAck", "n3", "n1", 56.5, 61)
    .send(2, "writeAck", "n2", "n1", 58.5, 62);
  return evidenceOf({
    calls: [
      { id: 1, client: "c1", node: "n1", f: "write", value: 1, from: 2, until: 12 },
      { id: 2, client: "c1", node: "n1", f: "write", value: 2, from: 22, until: 63 },
      { id: 3, client: "c2", node: "n2", f: "read", result: 2, from: 26, until: 36 },
      { id: 4, client: "c3", node: "n3", f: "read", result: 1, from: 40, until: 50 },
    ],
    faults: [
      {
        id: 1,
        atUs: 0,
        untilUs: null,
        kind: "hold",
        operation: 2,
        links: [{ from: "n1", to: "n2" }],
        leg: "writeRequest",
        byUs: 30_000,
      },
    ],
    trace: trace.events,
    keyspace: { w: 2, r: 2 },
  });
}

/** D1: a replica that was away during a delete gives the value back. */
export function resurrectedDelete(): Evidence {
  const first = held(1, 100_004_000, "n1");
  const tomb: Held = { value: null, version: "@100024000 n1#3f2a.2", deleted: true };
  const trace = new TraceWriter()
    .call(1, "n1", 2, 4, 10, 12)
    .note("minted", 1, "n1", 4, first, null)
    .note("stored", 1, "n1", 4.5, first, first)
    .send(1, "writeRequest", "n1", "n2", 4, 7)
    .send(1, "writeRequest", "n1", "n3", 4, 8)
    .note("stored", 1, "n2", 7.5, first, first)
    .note("stored", 1, "n3", 8.5, first, first)
    .send(1, "writeAck", "n2", "n1", 7.5, 10)
    .send(1, "writeAck", "n3", "n1", 8.5, 11)
    .call(2, "n1", 22, 24, 30, 32)
    .note("minted", 2, "n1", 24, tomb, null)
    .note("erased", 2, "n1", 24.5, tomb, nothing)
    .send(2, "writeRequest", "n1", "n2", 24, 27)
    .send(2, "writeRequest", "n1", "n3", 24, null)
    .note("erased", 2, "n2", 27.5, tomb, nothing)
    .send(2, "writeAck", "n2", "n1", 27.5, 30)
    .call(3, "n2", 34, 36, 40, 42)
    .send(3, "readRequest", "n2", "n1", 36, 38)
    .send(3, "readRequest", "n2", "n3", 36, null)
    .send(3, "readAnswer", "n1", "n2", 38, 40)
    .note("answered", 3, "n2", 40, nothing, null)
    .call(4, "n3", 120, 122, 128, 130)
    .send(4, "readRequest", "n3", "n1", 122, 125)
    .send(4, "readRequest", "n3", "n2", 122, 126)
    .send(4, "readAnswer", "n1", "n3", 125, 128)
    .send(4, "readAnswer", "n2", "n3", 126, 129)
    .note("answered", 4, "n3", 128, first, null)
    .send(4, "repair", "n3", "n1", 128, 131)
    .note("repaired", 4, "n1", 131.5, first, first);
  return evidenceOf({
    calls: [
      { id: 1, client: "at-n1", node: "n1", f: "write", value: 1, from: 2, until: 12 },
      { id: 2, client: "at-n1", node: "n1", f: "delete", from: 22, until: 32 },
      { id: 3, client: "at-n2", node: "n2", f: "read", result: null, from: 34, until: 42 },
      { id: 4, client: "at-n3", node: "n3", f: "read", result: 1, from: 120, until: 130 },
    ],
    finals: [
      { id: 900, client: "final-n1", node: "n1", f: "read", result: 1, from: 300, until: 308 },
      { id: 901, client: "final-n2", node: "n2", f: "read", result: 1, from: 300, until: 309 },
      { id: 902, client: "final-n3", node: "n3", f: "read", result: 1, from: 300, until: 310 },
    ],
    faults: [
      {
        id: 1,
        atUs: 15_000,
        untilUs: 50_000,
        kind: "cut",
        mode: "black-hole",
        links: ["n1", "n2"].flatMap((node) => [
          { from: "n3", to: node },
          { from: node, to: "n3" },
        ]),
      },
    ],
    trace: trace.events,
    keyspace: { w: 2, r: 2, read: "repair-async", deletes: { kind: "physical" } },
  });
}
