import type { Budget } from "../../harness/contracts/checker.ts";
import type { ModelProblem, SearchOutcome } from "../search/problem.ts";

/** A search over a model's operations, within its budget. */
export type SearchModel = (problem: ModelProblem, budget: Budget) => SearchOutcome;
