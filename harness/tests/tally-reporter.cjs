const { appendFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Mocha's `spec`, and the suite's counts as a JSON line in the file that `RECOUNT_TALLY` names. */
class TallyReporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const file = process.env.RECOUNT_TALLY;
    if (file)
      appendFileSync(file, `${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}\n`);
  }
}

module.exports = TallyReporter;
