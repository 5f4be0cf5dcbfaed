import assert from "node:assert/strict";
import { Placer } from "./placer.ts";

const paper = { x: 0, y: 0, width: 100, height: 100 };
const size = { width: 20, height: 10 };

describe("label placer", () => {
  it("takes the first place when all are free", () => {
    assert.deepEqual(
      new Placer(paper).place([
        { x: 5, y: 5, ...size },
        { x: 50, y: 50, ...size },
      ]),
      { x: 5, y: 5, ...size },
    );
  });

  it("keeps off other labels, off lines and on the paper", () => {
    const placer = new Placer(paper);
    placer.block({ x: 0, y: 0, width: 30, height: 20 });
    placer.avoid({ x1: 60, y1: 0, x2: 60, y2: 100 });
    const candidates = [
      { x: 5, y: 5, ...size },
      { x: 50, y: 50, ...size },
      { x: 95, y: 95, ...size },
      { x: 5, y: 60, ...size },
    ];
    assert.deepEqual(placer.place(candidates), { x: 5, y: 60, ...size });
  });

  it("never gives the same place twice while another is free", () => {
    const placer = new Placer(paper);
    const candidates = [
      { x: 5, y: 5, ...size },
      { x: 50, y: 50, ...size },
    ];
    assert.notDeepEqual(placer.place(candidates), placer.place(candidates));
  });
});
