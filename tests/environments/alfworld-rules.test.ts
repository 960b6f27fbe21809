import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { alfworld, openAlfWorld } from "../../lib/environments/alfworld";
import { formatGame } from "../../lib/environments/alfworld/game-file";
import { parseProblem } from "../../lib/environments/alfworld/pddl";
import type { Wording } from "../../lib/environments/alfworld/room";
import type { Environment, Observation, Step, TaskSpec } from "../../lib/types";

const folder = mkdtempSync(path.join(tmpdir(), "alfworld-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A kitchen table and a shelf reached from one place, the appliances, and a few things. */
const ROOM = `(define (problem p) (:domain alfred)
(:objects
  agent1 - agent
  MugType AppleType KnifeType DeskLampType - otype
  DiningTableType ShelfType FridgeType MicrowaveType SinkBasinType - rtype
  Mug_bar_1 Mug_bar_2 Apple_bar_1 Apple_bar_2 Knife_bar_1 DeskLamp_bar_1 Sink_bar_1 - object
  DiningTable_bar_1 Shelf_bar_1 Fridge_bar_1 Microwave_bar_1 Sink_bar_1_bar_SinkBasin - receptacle
  loc_bar_0 loc_bar_1 loc_bar_2 loc_bar_3 loc_bar_4 - location)
(:init
  (= (total-cost) 0)
  (receptacleType DiningTable_bar_1 DiningTableType) (receptacleAtLocation DiningTable_bar_1 loc_bar_1)
  (receptacleType Shelf_bar_1 ShelfType) (receptacleAtLocation Shelf_bar_1 loc_bar_1)
  (receptacleType Fridge_bar_1 FridgeType) (receptacleAtLocation Fridge_bar_1 loc_bar_2) (openable Fridge_bar_1)
  (receptacleType Microwave_bar_1 MicrowaveType) (receptacleAtLocation Microwave_bar_1 loc_bar_3) (openable Microwave_bar_1)
  (receptacleType Sink_bar_1_bar_SinkBasin SinkBasinType) (receptacleAtLocation Sink_bar_1_bar_SinkBasin loc_bar_4)
  (objectType Mug_bar_1 MugType) (objectType Mug_bar_2 MugType) (objectType Apple_bar_1 AppleType)
  (objectType Apple_bar_2 AppleType) (objectType Knife_bar_1 KnifeType) (objectType DeskLamp_bar_1 DeskLampType)
  (pickupable Mug_bar_1) (pickupable Mug_bar_2) (pickupable Apple_bar_1) (pickupable Apple_bar_2) (pickupable Knife_bar_1)
  (isReceptacleObject Mug_bar_1) (inReceptacleObject Apple_bar_2 Mug_bar_1)
  (cleanable Apple_bar_1) (heatable Apple_bar_1) (coolable Apple_bar_1) (sliceable Apple_bar_1)
  (toggleable DeskLamp_bar_1)
  (inReceptacle Apple_bar_1 DiningTable_bar_1) (objectAtLocation Apple_bar_1 loc_bar_1)
  (inReceptacle Knife_bar_1 DiningTable_bar_1) (objectAtLocation Knife_bar_1 loc_bar_1)
  (inReceptacle Mug_bar_1 DiningTable_bar_1) (objectAtLocation Mug_bar_1 loc_bar_1)
  (inReceptacle Mug_bar_2 Fridge_bar_1) (objectAtLocation Mug_bar_2 loc_bar_2)
  (inReceptacle Apple_bar_2 Fridge_bar_1) (objectAtLocation Apple_bar_2 loc_bar_2)
  (inReceptacle DeskLamp_bar_1 Microwave_bar_1)
  (objectAtLocation Sink_bar_1 loc_bar_4)
  (canContain DiningTableType MugType) (canContain DiningTableType AppleType) (canContain DiningTableType KnifeType)
  (canContain ShelfType MugType) (canContain ShelfType AppleType) (canContain FridgeType AppleType)
  (atLocation agent1 loc_bar_0))
(:goal (and (exists (?r - receptacle) (exists (?o - object) (and
  (isHot ?o) (objectType ?o AppleType) (receptacleType ?r FridgeType) (inReceptacle ?o ?r)))))))`;

interface Started {
  readonly environment: Environment;
  readonly first: string;
  readonly task: TaskSpec;
}

function start(wording: Wording = "put", room = ROOM): Started {
  const file = path.join(folder, "room.tw-pddl");
  const task = "Your task is to: put a hot apple in fridge.";
  writeFileSync(file, formatGame({ task, wording, problem: parseProblem(room) }));
  const environment = alfworld.create();
  const spec = alfworld.fileTask(file);
  const { text } = environment.reset(spec) as Observation;
  return { environment, first: text, task: spec };
}

function play(environment: Environment, ...actions: readonly string[]): Step {
  return actions.map((action) => environment.step(action) as Step)[actions.length - 1];
}

function said(environment: Environment, ...actions: readonly string[]): string {
  return play(environment, ...actions).observation.text;
}

describe("AlfWorld's rules", () => {
  it("the first observation is the room and the task", () => {
    expect(start().first).toBe(
      "You are in the middle of a room. Looking quickly around you, you see a diningtable 1, a fridge 1, a microwave 1, " +
        "a shelf 1, and a sinkbasin 1.\nYour task is to: put a hot apple in fridge.",
    );
  });

  it("the first observation of one who starts at a place tells what he faces", () => {
    const { first } = start("put", ROOM.replace("(atLocation agent1 loc_bar_0)", "(atLocation agent1 loc_bar_1)"));
    expect(first).toContain("You are facing the diningtable 1, and shelf 1. Next to it, you see nothing.");
  });

  it("numbers fall along a list and lists end in a comma and an and", () => {
    const { environment } = start();
    expect(said(environment, "go to diningtable 1")).toBe(
      "On the diningtable 1, you see a apple 2, a knife 1, and a mug 2.",
    );
    expect(said(environment, "go to fridge 1")).toBe("The fridge 1 is closed.");
    expect(said(environment, "open fridge 1")).toBe(
      "You open the fridge 1. The fridge 1 is open. In it, you see a apple 1, and a mug 1.",
    );
    expect(said(environment, "close fridge 1")).toBe("You close the fridge 1.");
    expect(said(environment, "examine fridge 1")).toBe("The fridge 1 is closed.");
  });

  it("looking around in the middle of the room shows nothing", () => {
    expect(said(start().environment, "look")).toBe(
      "You are in the middle of a room. Looking quickly around you, you see nothing.",
    );
  });

  it("one cannot go where one is, nor to what is reached from the same place", () => {
    const { environment } = start();
    play(environment, "go to diningtable 1");
    expect(said(environment, "go to shelf 1")).toBe("Nothing happens.");
    expect(said(environment, "examine shelf 1")).toBe("On the shelf 1, you see nothing.");
  });

  it("what moves between two receptacles at one place is found on the floor, until it is put back", () => {
    const { environment } = start();
    play(environment, "go to diningtable 1", "take apple 2 from diningtable 1", "put apple 2 in/on shelf 1");
    expect(said(environment, "look")).toBe(
      "You are facing the diningtable 1, and shelf 1. Next to it, you see a apple 2.",
    );
    play(environment, "take apple 2 from shelf 1", "put apple 2 in/on diningtable 1");
    expect(said(environment, "look")).toBe(
      "You are facing the diningtable 1, and shelf 1. Next to it, you see a apple 2.",
    );
    play(environment, "take apple 2 from diningtable 1", "put apple 2 in/on shelf 1", "take apple 2 from shelf 1");
    expect(said(environment, "look")).toBe(
      "You are facing the diningtable 1, and shelf 1. Next to it, you see nothing.",
    );
  });

  it("one thing can be carried at a time, and only what is held can be examined", () => {
    const { environment } = start();
    expect(said(environment, "inventory")).toBe("You are not carrying anything.");
    play(environment, "go to diningtable 1");
    expect(said(environment, "examine mug 2")).toBe("Nothing happens.");
    expect(said(environment, "take mug 2 from diningtable 1")).toBe("You pick up the mug 2 from the diningtable 1.");
    expect(said(environment, "take apple 2 from diningtable 1")).toBe("Nothing happens.");
    expect(said(environment, "inventory")).toBe("You are carrying: a mug 2.");
    expect(said(environment, "examine mug 2")).toBe("This is a normal mug 2. In it, you see a apple 1.");
  });

  it("a thing can be put only where the rules let it be, and only into what is open", () => {
    const { environment } = start();
    play(
      environment,
      "go to diningtable 1",
      "take apple 2 from diningtable 1",
      "go to microwave 1",
      "open microwave 1",
    );
    expect(said(environment, "put apple 2 in/on microwave 1")).toBe("Nothing happens.");
    play(environment, "go to fridge 1");
    expect(said(environment, "put apple 2 in/on fridge 1")).toBe("Nothing happens.");
    play(environment, "open fridge 1");
    expect(said(environment, "put apple 2 in/on fridge 1")).toBe("You put the apple 2 in/on the fridge 1.");
  });

  it("things are heated, cooled, cleaned and sliced, and look like it", () => {
    const { environment } = start();
    play(environment, "go to diningtable 1", "take knife 1 from diningtable 1");
    expect(said(environment, "slice apple 2 with knife 1")).toBe("You sliced the apple 2 with the knife 1.");
    play(environment, "put knife 1 in/on diningtable 1", "take apple 2 from diningtable 1");
    expect(said(environment, "examine apple 2")).toBe("This is a sliced apple 2.");
    expect(said(environment, "go to microwave 1", "heat apple 2 with microwave 1")).toBe(
      "You heat the apple 2 using the microwave 1.",
    );
    expect(said(environment, "examine apple 2")).toBe("This is a hot sliced apple 2.");
    expect(said(environment, "go to fridge 1", "cool apple 2 with fridge 1")).toBe(
      "You cool the apple 2 using the fridge 1.",
    );
    expect(said(environment, "examine apple 2")).toBe("This is a cool sliced apple 2.");
    expect(said(environment, "go to sinkbasin 1", "clean apple 2 with sinkbasin 1")).toBe(
      "You clean the apple 2 using the sinkbasin 1.",
    );
    expect(said(environment, "examine apple 2")).toBe("This is a cool and clean sliced apple 2.");
  });

  it("what is only cold is called cold", () => {
    const { environment } = start();
    play(environment, "go to diningtable 1", "take apple 2 from diningtable 1");
    expect(said(environment, "examine apple 2")).toBe("There's nothing special about apple 2.");
    expect(said(environment, "go to fridge 1", "cool apple 2 with fridge 1", "examine apple 2")).toBe(
      "This is a cold apple 2.",
    );
  });

  it("a lamp is always turned on, also in a closed receptacle", () => {
    const { environment } = start();
    expect(said(environment, "go to microwave 1", "use desklamp 1")).toBe("You turn on the desklamp 1.");
    expect(said(environment, "use desklamp 1")).toBe("You turn on the desklamp 1.");
  });

  it("the step that reaches the goal is rewarded and ends the game", () => {
    const { environment } = start();
    play(environment, "go to diningtable 1", "take apple 2 from diningtable 1", "go to microwave 1");
    const before = play(environment, "heat apple 2 with microwave 1", "go to fridge 1", "open fridge 1");
    expect(before).toMatchObject({ reward: 0, done: false, success: false, valid: true });
    expect(play(environment, "put apple 2 in/on fridge 1")).toMatchObject({ reward: 1, done: true, success: true });
    expect(play(environment, "look")).toMatchObject({ reward: 0, done: true, valid: false });
  });

  it("the game ends after 50 steps, whatever they were", () => {
    const { environment } = start();
    for (let step = 1; step < 50; step++) expect(play(environment, "nonsense").done).toBe(false);
    expect(play(environment, "look")).toMatchObject({ done: true, success: false, reward: 0 });
  });

  it("a command must be spelled as listed, but may have space around it", () => {
    const { environment } = start();
    for (const action of [
      "",
      "Look",
      "go to  fridge 1",
      "go to fridge",
      "open the fridge",
      "help",
      "move mug 2 to shelf 1",
      "go to fridge 1.",
    ])
      expect(play(environment, action)).toMatchObject({ observation: { text: "Nothing happens." }, valid: false });
    expect(play(environment, " \tgo to fridge 1\n").valid).toBe(true);
  });

  it("exactly the listed commands do something", () => {
    const { environment, task } = start();
    const path = ["go to diningtable 1", "take knife 1 from diningtable 1", "go to fridge 1", "open fridge 1"];
    const things = ["apple 1", "apple 2", "knife 1", "mug 1", "mug 2", "desklamp 1", "sink 1"];
    const names = [...things, "diningtable 1", "shelf 1", "fridge 1", "microwave 1", "sinkbasin 1"];
    const pairs = ["take from", "put in/on", "clean with", "heat with", "cool with", "slice with"];
    const commands = [
      ...["look", "inventory", "help"],
      ...names.flatMap((name) => ["go to", "open", "close", "examine", "use"].map((verb) => `${verb} ${name}`)),
      ...names.flatMap((a) => names.flatMap((b) => pairs.map((pair) => `${pair.replace(" ", ` ${a} `)} ${b}`))),
    ];
    for (let after = 0; after <= path.length; after++) {
      const before = ["look", ...path.slice(0, after)];
      const working = commands.filter((command) => {
        environment.reset(task);
        return play(environment, ...before, command).valid;
      });
      environment.reset(task);
      expect(play(environment, ...before).observation.actions).toEqual(working.sort());
    }
  });

  it("the newer wording has moves, arrivals by name and help", () => {
    const { environment } = start("move");
    expect(said(environment, "go to diningtable 1")).toMatch(
      /^You arrive at diningtable 1\. On the diningtable 1, you see/,
    );
    const taken = play(environment, "take mug 2 from diningtable 1");
    expect(taken.observation.actions).toContain("move mug 2 to shelf 1");
    expect(taken.observation.actions).toContain("help");
    expect(said(environment, "put mug 2 in/on shelf 1")).toBe("Nothing happens.");
    expect(said(environment, "move mug 2 to shelf 1")).toBe("You move the mug 2 to the shelf 1.");
    expect(said(environment, "help")).toMatch(/^Available commands:\n {2}look: /);
    expect(openAlfWorld({ wording: "move" }).prompt.text).toContain("move A to X");
  });
});
