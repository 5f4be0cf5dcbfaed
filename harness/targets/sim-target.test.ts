import { simTarget } from "./sim-target.ts";
import { targetAcceptance } from "./target-acceptance.ts";

targetAcceptance(simTarget, { unitUs: 20_000 });
