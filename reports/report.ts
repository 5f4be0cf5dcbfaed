import type { Results } from "../harness/contracts/results.ts";
import { anomalyPage } from "./anomaly.ts";
import type { Evidence } from "./evidence.ts";
import { anomalyPath, frontPage } from "./front.ts";
import type { CounterexampleView } from "./model.ts";
import { reportModel } from "./model.ts";
import type { Explanation } from "./story/explain.ts";
import { explain } from "./story/explain.ts";
import type { Story } from "./story/story.ts";
import { tellStory } from "./story/story.ts";

export type { Evidence } from "./evidence.ts";

/** One file of the report, its path relative to the report's folder. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
}

/** What the pages say about where they came from. */
export interface ReportOptions {
  /** The folder of `results.json`, as a person would type it in a `replay` command. */
  readonly folder: string;
}

interface Told {
  readonly view: CounterexampleView;
  readonly evidence: Evidence;
  readonly story: Story;
  readonly explanation: Explanation;
}

/**
 * The whole report: a front page, and a page for each counterexample whose evidence is given, by its name.
 * Each file stands alone and needs neither a server nor a network.
 */
export function renderReport(
  results: Results,
  evidence: ReadonlyMap<string, Evidence>,
  { folder }: ReportOptions = { folder: "out/latest" },
): readonly ReportFile[] {
  const whole = reportModel(results);
  const told: Told[] = whole.counterexamples.flatMap((view) => {
    const found = evidence.get(view.counterexample.name);
    if (found === undefined) return [];
    const story = tellStory(view.counterexample, found);
    return [{ view, evidence: found, story, explanation: explain(story, view.claim?.argument ?? "") }];
  });
  const headlines = new Map(
    told.map(({ view, explanation }) => [view.counterexample.name, explanation.headline]),
  );
  const model = { ...whole, counterexamples: told.map(({ view }) => view) };
  return [
    { path: "index.html", text: frontPage(results, model, headlines) },
    ...told.map((each) => ({
      path: anomalyPath(each.view.counterexample.name),
      text: anomalyPage({ results, model, folder, ...each }),
    })),
  ];
}
