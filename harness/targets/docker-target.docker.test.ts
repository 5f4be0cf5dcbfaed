import { findEngine } from "../../docker/engine.ts";
import { dockerTarget } from "./docker-target.ts";
import { targetAcceptance } from "./target-acceptance.ts";

const engine = await findEngine();

if (typeof engine === "string") {
  describe("target docker", () => {
    it.skip(`is not tried: ${engine}`);
  });
} else {
  targetAcceptance(dockerTarget(), { unitUs: 100_000 });
}
