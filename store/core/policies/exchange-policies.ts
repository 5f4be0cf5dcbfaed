import type { Entry } from "../versions/version.ts";

/** What must be right about replicas at rest and about tombstones. */
export interface ExchangePolicies {
  /** Whether an entry takes part in the exchange at rest. */
  isExchanged(entry: Entry): boolean;
}

/** As it should be. */
export const standardExchangePolicies: ExchangePolicies = {
  isExchanged: () => true,
};
