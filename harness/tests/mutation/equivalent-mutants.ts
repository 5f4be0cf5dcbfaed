import { equivalentInDataTypes } from "./equivalent-in-data-types.ts";
import { equivalentInKeys } from "./equivalent-in-keys.ts";
import { equivalentInModels } from "./equivalent-in-models.ts";
import { equivalentInNames } from "./equivalent-in-names.ts";
import { equivalentInSearch } from "./equivalent-in-search.ts";
import { equivalentInSessions } from "./equivalent-in-sessions.ts";
import { equivalentInWorld } from "./equivalent-in-world.ts";
import type { EquivalentMutant } from "./mutation-tally.ts";

/** Changes that no test can notice, each with the reason. */
export const equivalentMutants: readonly EquivalentMutant[] = [
  ...equivalentInDataTypes,
  ...equivalentInKeys,
  ...equivalentInModels,
  ...equivalentInNames,
  ...equivalentInSearch,
  ...equivalentInSessions,
  ...equivalentInWorld,
];
