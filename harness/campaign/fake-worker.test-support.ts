/** The entry of a worker thread for tests: the made-up world of the campaign's test, served. */
import { plantedRegistry, plantedRun } from "./planted-campaign.test-support.ts";
import { serveJobs } from "./worker.ts";

serveJobs(plantedRegistry, plantedRun);
