/**
 * The floors of ARCHITECTURE.md as data: a file may import its own folder and any floor below.
 * Everything else in this file is derived from the three tables.
 */
const floors = [
  { floor: 1, folder: "harness/base" },
  { floor: 2, folder: "harness/history" },
  { floor: 3, folder: "harness/contracts" },
  { floor: 3, folder: "harness/foreign" },
  { floor: 4, folder: "checkers" },
  { floor: 4, folder: "nemesis" },
  { floor: 5, folder: "reports" },
  { floor: 5, folder: "workloads" },
  { floor: 6, folder: "harness/run" },
  { floor: 7, folder: "harness/sim" },
  { floor: 7, folder: "harness/targets", alsoMay: ["harness/sim"] },
  { floor: 8, folder: "harness/campaign" },
  { floor: 9, folder: "harness/cli" },
  { floor: 10, folder: "harness/tests" },
];

/** Who may import what of the two houses that stand beside the floors. Nobody else may. */
const doors = [
  { into: "store/core", from: ["store", "harness/sim", "harness/tests"] },
  {
    into: "store/core/defects",
    from: ["store", "harness/sim", "harness/cli", "harness/tests"],
    // Suites of the claim table look up whether the defects that it names are there.
    suitesMay: true,
  },
  { into: "store/client", from: ["store/client", "store/server", "harness/targets", "harness/tests"] },
  { into: "store/server", from: ["store/server", "harness/cli", "harness/tests"] },
  { into: "docker", from: ["docker", "harness/targets", "harness/cli", "harness/tests"] },
];

/** What a house may import outside itself. The judge shares no code with the judged. */
const houses = [
  { folder: "store/core", may: ["store/core"] },
  { folder: "store/client", may: ["store/core", "store/client"] },
  { folder: "store/server", may: ["store/core", "store/client", "store/server"] },
  { folder: "docker", may: ["docker", "harness/base", "harness/contracts"] },
];

const pureFolders = [
  "store/core",
  "harness/base",
  "harness/history",
  "harness/contracts",
  "harness/foreign",
  "harness/run",
  "harness/sim",
  "checkers",
  "nemesis",
  "workloads",
  "reports",
];

/** Suites and measurements may use Node, mocha and fast-check. */
const besideTheCode = "\\.(test|bench|prove|test-support)\\.ts$";
const ownCode = "^(store|harness|checkers|nemesis|workloads|reports|docker)/";

const anyOf = (folders) => `^(${folders.join("|")})(/|\\.ts$)`;

function mayNotImportUpward({ floor, folder, alsoMay = [] }) {
  const forbidden = floors.filter(
    (other) => other.floor >= floor && other.folder !== folder && !alsoMay.includes(other.folder),
  );
  return {
    name: `floor-${floor}-${folder.replace("/", "-")}`,
    comment: `${folder} stands on floor ${floor}: it may import itself and the floors below.`,
    severity: "error",
    from: { path: anyOf([folder]) },
    to: { path: forbidden.length > 0 ? anyOf(forbidden.map((other) => other.folder)) : "^$" },
  };
}

function keepsToItself({ folder, may }) {
  return {
    name: `house-${folder.replace("/", "-")}`,
    comment: `${folder} imports nothing of this repository but ${may.join(", ")}.`,
    severity: "error",
    from: { path: anyOf([folder]) },
    to: { path: ownCode, pathNot: anyOf(may) },
  };
}

function isEnteredOnlyBy({ into, from, suitesMay = false }) {
  const inner = doors.map((door) => door.into).filter((other) => other.startsWith(`${into}/`));
  return {
    name: `door-${into.replaceAll("/", "-")}`,
    comment: `Only ${from.join(", ")} may import ${into}.`,
    severity: "error",
    from: { path: ownCode, pathNot: [anyOf(from), ...(suitesMay ? [besideTheCode] : [])] },
    to: { path: anyOf([into]), ...(inner.length > 0 ? { pathNot: anyOf(inner) } : {}) },
  };
}

module.exports = {
  forbidden: [
    ...floors.map(mayNotImportUpward),
    ...houses.map(keepsToItself),
    ...doors.map(isEnteredOnlyBy),
    {
      name: "pure-no-node",
      comment: "A pure folder knows no file, socket, clock or process.",
      severity: "error",
      from: { path: anyOf(pureFolders), pathNot: besideTheCode },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "pure-no-packages",
      comment: "A pure folder needs nothing from outside. Schemas (zod) stand in harness/contracts.",
      severity: "error",
      from: { path: anyOf(pureFolders), pathNot: [besideTheCode, "^harness/contracts/"] },
      to: { path: "node_modules/" },
    },
    {
      name: "contracts-only-zod",
      comment: "The contracts may use zod, and nothing else from outside.",
      severity: "error",
      from: { path: "^harness/contracts/", pathNot: besideTheCode },
      to: { path: "node_modules/", pathNot: "node_modules/zod/" },
    },
    {
      name: "no-test-code-in-product",
      comment: "What runs does not import a suite or its support.",
      severity: "error",
      from: { pathNot: [besideTheCode, "^harness/tests/"] },
      to: { path: besideTheCode },
    },
    {
      name: "no-cycles",
      comment: "Two files that need each other are one file, or three.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "Nothing imports this file, and it is no entry.",
      severity: "error",
      from: {
        orphan: true,
        path: ownCode,
        pathNot: [
          besideTheCode,
          "^harness/cli/(main|worker)\\.ts$",
          "^harness/campaign/judge-worker\\.ts$",
          "^store/server/main\\.ts$",
          "\\.d\\.ts$",
        ],
      },
      to: {},
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere would be seen by no other rule.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-dev-packages",
      comment: "What a user installs must be among the dependencies.",
      severity: "error",
      from: { path: ownCode, pathNot: [besideTheCode, "^harness/tests/"] },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["type-only"],
        pathNot: "node_modules/@types/",
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|out)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
