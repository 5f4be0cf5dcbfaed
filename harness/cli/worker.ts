import { actionsOf } from "../../nemesis/actions.ts";
import { runOn } from "../campaign/run-scenario.ts";
import { serveJobs } from "../campaign/worker.ts";
import { simTarget } from "../targets/sim-target.ts";
import { registry } from "./registry.ts";

serveJobs(registry, runOn(simTarget, actionsOf));
