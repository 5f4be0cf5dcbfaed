import { OperatingError } from "../base/errors.ts";
import type { Cluster } from "../contracts/target.ts";
import type { HistoryRecorder } from "../history/recorder.ts";

/**
 * Has the clocks of a cluster read and puts down what they showed, where its target can tell. A reading that
 * fails leaves no line: a checker that needs one says that it is not there.
 */
export class ClockReadings {
  readonly #cluster: Cluster;
  readonly #recorder: HistoryRecorder;
  #isOver = false;

  constructor(cluster: Cluster, recorder: HistoryRecorder) {
    this.#cluster = cluster;
    this.#recorder = recorder;
  }

  /** Has them read; `done` follows when that is put down. */
  take(done: () => void): void {
    if (this.#cluster.clocks === undefined) {
      done();
      return;
    }
    this.#cluster.clocks((reading) => {
      if (!this.#isOver && !(reading instanceof OperatingError) && reading.ahead.length > 0) {
        this.#recorder.clocks(this.#cluster.nowNs(), reading.ahead, reading.withinNs);
      }
      done();
    });
  }

  /** The same for the last time: readings that come later are left out, because the history is closed by then. */
  takeLast(done: () => void): void {
    this.take(() => {
      this.#isOver = true;
      done();
    });
  }
}
