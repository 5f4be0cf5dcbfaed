import { performance } from "node:perf_hooks";
import type { InstrumenterContext } from "@stryker-mutator/api/core";
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";
import type {
  DryRunOptions,
  DryRunResult,
  MutantRunOptions,
  MutantRunResult,
  TestResult,
  TestRunner,
} from "@stryker-mutator/api/test-runner";
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import Mocha from "mocha";

/** What the instrumented code reads and counts; absent and undefined are the same to it. */
type Context = { -readonly [Field in keyof InstrumenterContext]?: InstrumenterContext[Field] | undefined };

/** The instrumenter's own global. */
const shared = globalThis as unknown as { __stryker__?: Context };
shared.__stryker__ ??= {};
const context = shared.__stryker__;

/**
 * Runs suites against mutants within one process, by whatever mocha this project has: Stryker's own runner
 * wants an older one. Files are loaded once, because modules cannot be loaded anew; a mutant is switched on
 * while its tests run, and Stryker starts another process for one that counts while modules load.
 */
class MochaRunner implements TestRunner {
  readonly #mocha = new Mocha({ timeout: 0, reporter: class {} as unknown as Mocha.ReporterConstructor });
  #isLoaded = false;

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: false };
  }

  async init(): Promise<void> {
    this.#mocha.cleanReferencesAfterRun(false);
    for (const file of suitesToRun()) this.#mocha.addFile(file);
    this.#mocha.suite.beforeEach(function (this: Mocha.Context) {
      const test = this.currentTest?.fullTitle();
      if (test !== undefined) context.currentTestId = test;
    });
  }

  async dryRun({ coverageAnalysis }: DryRunOptions): Promise<DryRunResult> {
    const result = await this.#run(false, undefined, false);
    if (result.status !== DryRunStatus.Complete || coverageAnalysis === "off") return result;
    return context.mutantCoverage === undefined
      ? result
      : { ...result, mutantCoverage: context.mutantCoverage };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter, disableBail, hitLimit, mutantActivation } = options;
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit === undefined ? undefined : 0;
    this.#mocha.grep(testFilter === undefined ? /(?:)/ : new RegExp(testFilter.map(exactly).join("|")));
    const result = await this.#run(!disableBail, activeMutant.id, mutantActivation === "static");
    return toMutantRunResult(result);
  }

  async #run(bails: boolean, mutant: string | undefined, whileLoading: boolean): Promise<DryRunResult> {
    try {
      if (!this.#isLoaded) {
        context.activeMutant = whileLoading ? mutant : undefined;
        await this.#mocha.loadFilesAsync();
        this.#isLoaded = true;
      }
      setBail(this.#mocha.suite, bails);
      context.activeMutant = mutant;
      const tests = await this.#runTests();
      return (
        determineHitLimitReached(context.hitCount, context.hitLimit) ?? {
          status: DryRunStatus.Complete,
          tests,
        }
      );
    } catch (error) {
      const errorMessage = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { status: DryRunStatus.Error, errorMessage };
    }
  }

  #runTests(): Promise<TestResult[]> {
    return new Promise((resolve) => {
      const tests: TestResult[] = [];
      let begunMs = 0;
      const note = (test: Mocha.Runnable, failureMessage: string | null): void => {
        const id = test.fullTitle();
        const common = { id, name: id, timeSpentMs: performance.now() - begunMs };
        tests.push(
          failureMessage === null
            ? { ...common, status: TestStatus.Success }
            : { ...common, status: TestStatus.Failed, failureMessage },
        );
      };
      const runner = this.#mocha.run(() => resolve(tests));
      runner.on("test", () => {
        begunMs = performance.now();
      });
      runner.on("pass", (test) => note(test, null));
      runner.on("fail", (test, error: Error) => note(test, error.message));
    });
  }
}

/** Given by the process that started this one: Stryker hands no free options to a plugin's runner. */
function suitesToRun(): readonly string[] {
  return JSON.parse(process.env["RECOUNT_MUTATION_SUITES"] ?? "[]") as readonly string[];
}

function setBail(suite: Mocha.Suite, bails: boolean): void {
  suite.bail(bails);
  for (const child of suite.suites) setBail(child, bails);
}

function exactly(title: string): string {
  return `^${title.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
}

/** The plugin that Stryker finds in this file. */
export const strykerPlugins: readonly object[] = [
  declareValuePlugin(PluginKind.TestRunner, "mocha-here", new MochaRunner()),
];
