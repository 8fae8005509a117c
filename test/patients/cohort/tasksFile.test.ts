import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { formatCohort, parseCohort, readCohort, writeCohort } from "../../../src/patients/cohort/csv.ts";
import { classCounts, summarize } from "../../../src/patients/cohort/summary.ts";
import { spokenTitle, type TaskDefinition } from "../../../src/patients/cohort/taskDefinition.ts";
import { chosenTasks, definitions, labelOf, studyTasks } from "../../../src/patients/cohort/tasks.ts";
import { parseTasks } from "../../../src/patients/cohort/tasksFile.ts";
import { codeOf } from "../../numerics/stats/close.ts";
import { caseOf } from "./arbitrary.ts";

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

const malignancy = {
  name: "malignancy",
  question: "Malignant?",
  positive: { words: "malignant", values: ["4", "5"] },
  negative: { words: "benign", values: ["1", "2"] },
};
const grade = {
  name: "isup_grade",
  title: "ISUP grade",
  column: "isup",
  positive: { words: "high grade", short: "high", atLeast: 3 },
  negative: { words: "low grade", short: "low", below: 3 },
};
const text = (...tasks: unknown[]) => JSON.stringify({ format: "trinephron-tasks/1", tasks });
const parse = (...tasks: unknown[]) => parseTasks(text(...tasks), "tasks.json").tasks;

describe("what the images are", () => {
  const written = (more: object) => JSON.stringify({ format: "trinephron-tasks/1", ...more });

  test("masks and intensities are read, and written with the cohort", async () => {
    const own = parseTasks(
      written({ masks: "none", intensities: [0, 255], phases: ["image"] }),
      "tasks.json",
    );
    expect(own).toMatchObject({ masks: "none", intensities: [0, 255] });
    const folder = mkdtempSync(join(tmpdir(), "trinephron-tasks-"));
    const cases = [
      caseOf("a", { part: "training", images: { image: "a.nii" } }),
      caseOf("b", { part: "validation", images: { image: "b.nii" } }),
    ];
    await writeCohort({ folder, cases, ...own });
    expect(await readCohort(folder)).toEqual({ folder, cases, ...own });
    rmSync(folder, { recursive: true });
  });

  test("a cohort without masks needs no column of them; any other does", () => {
    const table = Buffer.from("case,center,image,source,malignancy\na,A,a.nii,real,4\n");
    const questions = parseTasks(written({ tasks: [malignancy], phases: ["image"], masks: "none" }), "t");
    expect(parseCohort(table, "cohort.csv", questions).cases).toHaveLength(1);
    expect(() => parseCohort(table, "cohort.csv", { ...questions, masks: "tumor" })).toThrow(
      /no column mask/,
    );
  });

  test("the column part is written only where a case has one", () => {
    expect(formatCohort([caseOf("a")])).not.toContain("part");
    expect(formatCohort([caseOf("a", { part: "training" })])).toContain("source,part");
  });

  test.each([
    [
      "a range in which crops would lose its steps",
      { intensities: [0, 1] },
      /intensities: less than 50 apart/,
    ],
    ["masks of something else", { masks: "liver" }, /masks/],
  ])("%s is refused", (_, more, says) => {
    expect(messageOf(() => parseTasks(written(more), "tasks.json"))).toMatch(says);
  });
});

test("titles, questions, columns and short words have defaults", () => {
  const [first, second] = parse(malignancy, grade);
  expect(first).toEqual({
    name: "malignancy",
    title: "Malignancy",
    question: "Malignant?",
    column: "malignancy",
    positive: { words: "malignant", short: "malignant", values: ["4", "5"] },
    negative: { words: "benign", short: "benign", values: ["1", "2"] },
    others: "error",
  });
  expect(second.question).toBe("Is it high grade, not low grade?");
  expect([first, second, definitions.complexity].map(spokenTitle)).toEqual([
    "malignancy",
    "ISUP grade",
    "anatomical complexity",
  ]);
});

test("the study's own are there by name, in any order, beside others", () => {
  expect(parse("stage", malignancy)).toEqual([definitions.stage, parse(malignancy)[0]]);
});

describe("refused", () => {
  const with_ = (more: object) => ({ ...malignancy, ...more });
  const side = (more: object) => ({ ...malignancy.positive, values: undefined, ...more });
  test.each<[string, unknown[], RegExp]>([
    ["no task", [], /tasks: /],
    ["a name that is no task of the study", ["grade"], /tasks\.0: "grade" is none of histology, stage/],
    ["two of one name", [malignancy, with_({ column: "b" })], /two tasks have the name malignancy/],
    ["one of the study's, described anew", [with_({ name: "stage" })], /tasks\.0\.name: stage is a task of/],
    ["a name that stands beside tasks", [with_({ name: "shared" })], /tasks\.0\.name: shared is reserved/],
    ["a column of readers' files", [with_({ name: "reader" })], /reader is reserved/],
    ["what begins as the model's answer there", [with_({ name: "model_x" })], /model_x is reserved/],
    ["a name that every object has", [with_({ name: "constructor" })], /constructor is reserved/],
    ["a name with a blank", [with_({ name: "my task" })], /tasks\.0\.name: not up to 40 lower-case/],
    ["a column of images", [with_({ column: "nephrographic" })], /nephrographic holds no answers/],
    ["a column of names", [with_({ column: "patient" })], /tasks\.0\.column: patient holds no answers/],
    [
      "a value on both sides",
      [with_({ negative: { words: "benign", values: ["1", "4"] } })],
      /tasks\.0\.negative\.values: "4" is positive as well/,
    ],
    [
      "a number on both sides",
      [with_({ positive: side({ atLeast: 3 }), negative: { words: "b", atMost: 3 } })],
      /positive as well/,
    ],
    [
      "bounds against values",
      [with_({ positive: side({ atLeast: 3 }) })],
      /both answers need values, or both/,
    ],
    ["no values", [with_({ positive: { words: "malignant" } })], /tasks\.0\.positive: give either values or/],
    [
      "values and bounds",
      [with_({ positive: { ...malignancy.positive, above: 3 } })],
      /give either values or/,
    ],
    ["bounds that leave nothing", [with_({ positive: side({ above: 5, below: 4 }) })], /leave no number/],
    ["one answer twice", [with_({ negative: { words: "malignant", values: ["1"] } })], /the same as the pos/],
    ["a field that is none", [with_({ labels: [] })], /tasks\.0: .*labels/],
    ["no words", [with_({ positive: { values: ["4"] } })], /tasks\.0\.positive\.words/],
    ["words that steer a terminal", [with_({ title: "a\u001b[2J" })], /tasks\.0\.title: holds a control/],
    [
      "words longer than a DICOM meaning",
      [with_({ positive: side({ words: "x".repeat(49), above: 1 }) })],
      /words/,
    ],
  ])("%s", (_, tasks, message) => {
    expect(codeOf(() => parse(...tasks))).toBe("E_FORMAT");
    expect(messageOf(() => parse(...tasks))).toMatch(/^tasks\.json: /);
    expect(messageOf(() => parse(...tasks))).toMatch(message);
  });

  test.each<[string, string[], RegExp]>([
    ["a phase twice", ["image", "image"], /^tasks\.json: phases\.1: image stands twice/],
    ["the mask", ["mask"], /phases\.0: mask is reserved/],
    ["a column of something else", ["age"], /phases\.0: age is a column that holds no images/],
    ["a task's column", ["malignancy"], /phases\.0: malignancy is the column of the task malignancy/],
    ["no phase", [], /^tasks\.json: phases: /],
    ["a path", ["../image"], /^tasks\.json: phases\.0: not up to 40/],
  ])("as images: %s", (_, phases, message) => {
    const written = JSON.stringify({ format: "trinephron-tasks/1", tasks: [malignancy], phases });
    expect(codeOf(() => parseTasks(written, "tasks.json"))).toBe("E_FORMAT");
    expect(messageOf(() => parseTasks(written, "tasks.json"))).toMatch(message);
  });

  test("what touches at a bound that only one side holds is no overlap", () => {
    expect(parse(grade)).toHaveLength(1);
  });

  test("a task that is none of the cohort's, with those that are", () => {
    expect(codeOf(() => chosenTasks(parse(malignancy), ["stage"], "--tasks"))).toBe("E_USAGE");
    expect(() => chosenTasks(parse(malignancy), ["stage"], "--tasks")).toThrow(
      expect.objectContaining({ hint: "its tasks are malignancy" }),
    );
  });
});

describe("a table", () => {
  const tasks = parse(malignancy, grade, "stage");
  const read = (body: string, asked: readonly TaskDefinition[] = tasks) =>
    parseCohort(Buffer.from(body), "cohort.csv", { tasks: asked });
  const header = "case,center,mask,source,stage,malignancy,isup";

  test("gives each task its label, or none where the cell is empty", () => {
    const { cases, faults, ignored } = read(
      `${header},nothing\na,A,,real,III,5,3,x\nb,A,,real,,1,2.9,\nc,A,,real,I,,,\n`,
    );
    expect([faults, ignored]).toEqual([[], ["nothing"]]);
    expect(cases.map((c) => tasks.map((task) => labelOf(task, c)))).toEqual([
      [1, 1, 1],
      [0, 0, undefined],
      [undefined, undefined, 0],
    ]);
    expect(cases[2].cells).toBeUndefined();
    expect(classCounts({ cases, tasks })[0]).toEqual({
      center: "A",
      task: "malignancy",
      positive: 1,
      negative: 1,
      unknown: 1,
    });
    const rows = summarize({ folder: "/", cases, tasks }).rows.filter((r) =>
      r.characteristic.startsWith("M"),
    );
    expect(rows.map(({ level, cells }) => [level, cells])).toEqual([
      ["malignant", ["1 (50.0)"]],
      ["benign", ["1 (50.0)"]],
      ["unknown", ["1"]],
    ]);
  });

  test("a cell that means neither answer is a fault, unless others are unlabelled", () => {
    const body = `${header}\na,A,,real,III,3,x\n`;
    expect(read(body).faults.map((e) => e.message)).toEqual([
      'cohort.csv, line 2, column malignancy: "3" is neither 4, 5 (malignant) nor 1, 2 (benign)',
      'cohort.csv, line 2, column isup: "x" is neither at least 3 (high grade) nor below 3 (low grade)',
    ]);
    const lenient = parse({ ...malignancy, others: "unlabelled" }, { ...grade, others: "unlabelled" });
    const { cases, faults } = read(body, lenient);
    expect([faults, lenient.map((task) => labelOf(task, cases[0]))]).toEqual([[], [undefined, undefined]]);
  });

  test("needs the columns of its tasks, and of the study's labels those alone", () => {
    expect(messageOf(() => read("case,center,mask,source,stage,isup\na,A,,real,I,1\n"))).toBe(
      "cohort.csv: no column malignancy",
    );
    expect(messageOf(() => read("case,center,mask,source,stage\na,A,,real,I\n", studyTasks))).toBe(
      "cohort.csv: no column histology, complexity",
    );
  });

  test("a task may ask of a column that every cohort has, by its values or numbers", () => {
    const own = parse(
      {
        ...malignancy,
        name: "papillary",
        column: "histology",
        positive: { words: "papillary", values: ["papillary"] },
        negative: { words: "not papillary", values: ["clear_cell", "chromophobe", "other"] },
      },
      {
        ...grade,
        name: "large",
        column: "size_mm",
        positive: { words: "large", above: 40 },
        negative: { words: "small", atMost: 40 },
      },
      {
        ...malignancy,
        name: "necrotic",
        column: "necrosis",
        positive: { words: "necrotic", values: ["yes"] },
        negative: { words: "viable", values: ["no"] },
      },
    );
    const { cases, faults } = read(
      "case;center;mask;source;histology;size_mm;necrosis\na;A;;real;papillary;40,5;TRUE\n",
      own,
    );
    expect(faults).toEqual([]);
    expect(own.map((task) => labelOf(task, cases[0]))).toEqual([1, 1, 1]);
  });

  test("with semicolons, 3,5 is a number of its own columns too", () => {
    const { cases } = read(`${header.replaceAll(",", ";")}\na;A;;real;I;1;3,5\n`);
    expect(labelOf(tasks[1], cases[0])).toBe(1);
  });

  test("of a hostile value is no label: numbers are decimal", () => {
    for (const isup of ["0x10", "Infinity", "1 000", "NaN", "3..5"])
      expect(labelOf(tasks[1], caseOf("a", { cells: { isup } })), isup).toBeUndefined();
  });
});

describe("a cohort in its folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "trinephron-tasks-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is read with the tasks.json beside its table, and written back with it", async () => {
    const tasks = parse(malignancy, "stage");
    const cases = [caseOf("a", { stage: "I", cells: { malignancy: "4" } }), caseOf("b", { stage: "IV" })];
    await writeCohort({ folder, cases, tasks });
    expect(await readCohort(folder)).toEqual({ folder, cases, tasks });
    // Another table of the folder asks the same.
    writeFileSync(join(folder, "other.csv"), formatCohort(cases, { tasks }));
    expect((await readCohort(join(folder, "other.csv"))).tasks).toEqual(tasks);
  });

  test("names its images, whatever they show; other columns of images are not read", async () => {
    const questions = parseTasks(
      JSON.stringify({ format: "trinephron-tasks/1", phases: ["image", "nephrographic"] }),
      "tasks.json",
    );
    expect(questions).toEqual({ tasks: studyTasks, phases: ["image", "nephrographic"] });
    const body =
      "case,center,mask,source,histology,stage,complexity,excretory,nephrographic,image\na,A,,real,,I,,e.nii,n.nii,i.nii\n";
    const { cases, ignored } = parseCohort(Buffer.from(body), "cohort.csv", questions);
    expect([cases[0].images, ignored]).toEqual([{ nephrographic: "n.nii", image: "i.nii" }, ["excretory"]]);
    await writeCohort({ folder, cases, ...questions });
    expect(await readCohort(folder)).toEqual({ folder, cases, ...questions });
    expect(messageOf(() => parseCohort(Buffer.from(body.replace(",image", ",im")), "c.csv", questions))).toBe(
      "c.csv: no column image",
    );
  });

  test("a broken tasks.json is refused, not passed over", async () => {
    writeFileSync(join(folder, "tasks.json"), "{");
    await expect(readCohort(folder)).rejects.toMatchObject({
      code: "E_FORMAT",
      message: expect.stringMatching(/tasks\.json: not JSON/),
    });
  });
});
