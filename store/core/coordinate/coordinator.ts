import type { Message } from "../messages.ts";
import type { StoreWaiter } from "../storage/replica.ts";

/** Carries one client request out. One request may pass from one coordinator to the next. */
export interface Coordinator extends StoreWaiter {
  /** An answer to this request, from (or in the place of) the replica with this place in the placement. */
  onAnswer(replica: number, message: Message): void;
  onDeadline(): void;
}
