/**
 * The rules and the grammar that a `game.tw-pddl` carries, so that the original can play what we write. Our own engine
 * needs neither: `world.ts` and `telling.ts` say the same natively.
 */
import type { Wording } from "./room";
import { HELP } from "./telling";

/** The actions of ALFRED's domain that every game has; `help` came with alfworld 0.4. */
export const DOMAIN_ACTIONS: readonly string[] = [
  "look",
  "inventory",
  "examinereceptacle",
  "examineobject",
  "gotolocation",
  "openobject",
  "closeobject",
  "pickupobject",
  "putobject",
  "cleanobject",
  "heatobject",
  "coolobject",
  "toggleobject",
  "sliceobject",
];

const REACH = "(atLocation ?a ?l) (receptacleAtLocation ?r ?l)";
const ACCESS = "(or (not (openable ?r)) (opened ?r))";

const DOMAIN = `(define (domain alfred)
(:requirements :adl :action-costs :typing)
(:types agent location receptacle object rtype otype)
(:predicates
  (atLocation ?a - agent ?l - location)
  (receptacleAtLocation ?r - receptacle ?l - location)
  (objectAtLocation ?o - object ?l - location)
  (openable ?r - receptacle)
  (opened ?r - receptacle)
  (inReceptacle ?o - object ?r - receptacle)
  (isReceptacleObject ?o - object)
  (inReceptacleObject ?inner - object ?outer - object)
  (checked ?r - receptacle)
  (receptacleType ?r - receptacle ?t - rtype)
  (canContain ?rt - rtype ?ot - otype)
  (objectType ?o - object ?t - otype)
  (holds ?a - agent ?o - object)
  (holdsAny ?a - agent)
  (isClean ?o - object)
  (cleanable ?o - object)
  (isHot ?o - object)
  (heatable ?o - object)
  (isCool ?o - object)
  (coolable ?o - object)
  (pickupable ?o - object)
  (toggleable ?o - object)
  (isOn ?o - object)
  (isToggled ?o - object)
  (sliceable ?o - object)
  (isSliced ?o - object))
(:functions (distance ?from ?to) (total-cost) - number)
(:action look
  :parameters (?a - agent ?l - location)
  :precondition (and (atLocation ?a ?l))
  :effect (and (checked ?l)))
(:action inventory
  :parameters (?a - agent)
  :precondition ()
  :effect (and (checked ?a)))
(:action examineReceptacle
  :parameters (?a - agent ?r - receptacle)
  :precondition (and (exists (?l - location) (and ${REACH})))
  :effect (and (checked ?r)))
(:action examineObject
  :parameters (?a - agent ?o - object)
  :precondition (and (holds ?a ?o))
  :effect (and (checked ?o)))
(:action GotoLocation
  :parameters (?a - agent ?lStart - location ?lEnd - location ?r - receptacle)
  :precondition (and (atLocation ?a ?lStart) (receptacleAtLocation ?r ?lEnd))
  :effect (and (not (atLocation ?a ?lStart)) (atLocation ?a ?lEnd) (increase (total-cost) 1)))
(:action OpenObject
  :parameters (?a - agent ?l - location ?r - receptacle)
  :precondition (and (openable ?r) ${REACH} (not (opened ?r)))
  :effect (and (opened ?r) (checked ?r) (increase (total-cost) 1)))
(:action CloseObject
  :parameters (?a - agent ?l - location ?r - receptacle)
  :precondition (and (openable ?r) ${REACH} (opened ?r))
  :effect (and (not (opened ?r)) (increase (total-cost) 1)))
(:action PickupObject
  :parameters (?a - agent ?l - location ?o - object ?r - receptacle)
  :precondition (and (pickupable ?o) ${REACH} (inReceptacle ?o ?r) (not (holdsAny ?a)) ${ACCESS})
  :effect (and (not (inReceptacle ?o ?r)) (holds ?a ?o) (holdsAny ?a) (not (objectAtLocation ?o ?l))
    (increase (total-cost) 1)))
(:action PutObject
  :parameters (?a - agent ?l - location ?o - object ?r - receptacle ?ot - otype ?rt - rtype)
  :precondition (and (holds ?a ?o) ${REACH} ${ACCESS} (objectType ?o ?ot) (receptacleType ?r ?rt)
    (canContain ?rt ?ot))
  :effect (and (inReceptacle ?o ?r) (objectAtLocation ?o ?l) (not (holds ?a ?o)) (not (holdsAny ?a))
    (increase (total-cost) 1)))
(:action CleanObject
  :parameters (?a - agent ?l - location ?r - receptacle ?o - object)
  :precondition (and (cleanable ?o) (receptacleType ?r SinkBasinType) ${REACH} (holds ?a ?o))
  :effect (and (increase (total-cost) 5) (isClean ?o)))
(:action HeatObject
  :parameters (?a - agent ?l - location ?r - receptacle ?o - object)
  :precondition (and (heatable ?o) (receptacleType ?r MicrowaveType) ${REACH} (holds ?a ?o))
  :effect (and (increase (total-cost) 5) (isHot ?o) (not (isCool ?o))))
(:action CoolObject
  :parameters (?a - agent ?l - location ?r - receptacle ?o - object)
  :precondition (and (coolable ?o) (receptacleType ?r FridgeType) ${REACH} (holds ?a ?o))
  :effect (and (increase (total-cost) 5) (isCool ?o) (not (isHot ?o))))
(:action ToggleObject
  :parameters (?a - agent ?l - location ?o - object ?r - receptacle)
  :precondition (and (toggleable ?o) ${REACH} (inReceptacle ?o ?r))
  :effect (and (increase (total-cost) 5) (when (isOn ?o) (not (isOn ?o))) (when (not (isOn ?o)) (isOn ?o))
    (isToggled ?o)))
(:action SliceObject
  :parameters (?a - agent ?l - location ?co - object ?ko - object)
  :precondition (and (sliceable ?co) (or (objectType ?ko KnifeType) (objectType ?ko ButterKnifeType))
    (atLocation ?a ?l) (objectAtLocation ?co ?l) (holds ?a ?ko))
  :effect (and (increase (total-cost) 5) (isSliced ?co)))
`;

const HELP_ACTION = `(:action help
  :parameters (?a - agent)
  :precondition ()
  :effect (and (checked ?a)))
`;

/** ALFRED's domain in PDDL, as the library of that wording has it. */
export function domainFor(wording: Wording): string {
  return `${DOMAIN}${wording === "move" ? HELP_ACTION : ""})\n`;
}

type Rules = { readonly [symbol: string]: readonly { readonly condition?: string; readonly rhs: string }[] };

const AT = "atlocation(a:agent, l:location)";
const AT_RECEPTACLE = `${AT} & receptacleatlocation(r:receptacle, l:location)`;
const ON_FLOOR = `${AT} & objectatlocation(o:object, l:location) & receptacleatlocation(r:receptacle, l:location) & not_inreceptacle(o:object, r:receptacle)`;
const CONTENTS = "[{o.indefinite + ' ' + o.name | inreceptacle(o:object, r:receptacle)}]";

/** States of a held thing and how it is then called, in the order in which they are tried. */
const LOOKS: readonly (readonly [states: string, look: string])[] = [
  ["isclean ishot issliced", "hot and clean sliced"],
  ["isclean iscool issliced", "cool and clean sliced"],
  ["isclean issliced", "clean sliced"],
  ["ishot issliced", "hot sliced"],
  ["iscool issliced", "cool sliced"],
  ["isclean ishot", "hot and clean"],
  ["isclean iscool", "cool and clean"],
  ["ishot", "hot"],
  ["isclean", "clean"],
  ["iscool", "cold"],
];

/** The grammar of a game in TextWorld's second logic language, with the task and the words of either library. */
export function grammarFor(task: string, wording: Wording): string {
  const allOf = (predicates: string): string =>
    predicates
      .split(" ")
      .map((predicate) => `${predicate}(o:object)`)
      .join(" & ");
  const rules: Rules = {
    intro: [{ rhs: "-= Welcome to TextWorld, ALFRED! =-\n\n#look.feedback#\n\n#task#" }],
    task: [{ rhs: task }],
    "examineReceptacle.feedback": [
      {
        condition: "openable(r:receptacle) & opened(r:receptacle)",
        rhs: `The {r.name} is open. In it, you see ${CONTENTS}.`,
      },
      { condition: "openable(r:receptacle)", rhs: "The {r.name} is closed." },
      { rhs: `On the {r.name}, you see ${CONTENTS}.` },
    ],
    "inventory.feedback": [
      {
        condition: "holdsany(a:agent)",
        rhs: "You are carrying: [{o.indefinite + ' ' + o.name | holds(a:agent, o:object)}].",
      },
      { rhs: "You are not carrying anything." },
    ],
    "examineObject.feedback": [
      {
        condition: "isreceptacleobject(o:object)",
        rhs: "This is a normal {o.name}. In it, you see [{o2.indefinite + ' ' + o2.name | inreceptacleobject(o2:object, o:object)}].",
      },
      ...LOOKS.map(([states, look]) => ({ condition: allOf(states), rhs: `This is a ${look} {o.name}.` })),
      { condition: allOf("toggleable istoggled"), rhs: "This {o.name} is on." },
      { condition: allOf("sliceable issliced"), rhs: "This is a sliced {o.name}." },
      { rhs: "There's nothing special about {o.name}." },
    ],
    "look.feedback": [
      {
        condition: AT_RECEPTACLE,
        rhs: `You are facing the [{r.name | ${AT_RECEPTACLE}}]. Next to it, you see #floor#.`,
      },
      { rhs: "You are in the middle of a room. Looking quickly around you, you see #appliances#." },
    ],
    floor: [{ condition: ON_FLOOR, rhs: `[{o.indefinite + ' ' + o.name | ${ON_FLOOR}}]` }, { rhs: "nothing" }],
    appliances: [
      {
        condition: "receptacleatlocation(r:receptacle, l:location)",
        rhs: "[{r.indefinite + ' ' + r.name | receptacleatlocation(r:receptacle, l:location)}]",
      },
      { rhs: "nothing" },
    ],
    list_empty: [{ rhs: "nothing" }],
    list_separator: [{ rhs: ", " }],
    list_last_separator: [{ rhs: ", and " }],
  };
  const place = wording === "put" ? "lend" : "r";
  const actions: readonly (readonly [name: string, template: string, feedback: string])[] = [
    [
      "GotoLocation",
      "go to [{r.name | receptacleatlocation(r:receptacle, lend:location)}]",
      `You arrive at {${place}.name}. #examineReceptacle.feedback#`,
    ],
    ["OpenObject", "open {r}", "You open the {r.name}. #examineReceptacle.feedback#"],
    ["CloseObject", "close {r}", "You close the {r.name}."],
    ["PickupObject", "take {o} from {r}", "You pick up the {o.name} from the {r.name}."],
    wording === "put"
      ? ["PutObject", "put {o} in/on {r}", "You put the {o.name} in/on the {r.name}."]
      : ["PutObject", "move {o} to {r}", "You move the {o.name} to the {r.name}."],
    ["ToggleObject", "use {o}", "You turn on the {o.name}."],
    ["HeatObject", "heat {o} with {r}", "You heat the {o.name} using the {r.name}."],
    ["CleanObject", "clean {o} with {r}", "You clean the {o.name} using the {r.name}."],
    ["CoolObject", "cool {o} with {r}", "You cool the {o.name} using the {r.name}."],
    ["SliceObject", "slice {co} with {ko}", "You sliced the {co.name} with the {ko.name}."],
    ["look", "look", ""],
    ["inventory", "inventory", ""],
    ["examineReceptacle", "examine {r}", ""],
    ["examineObject", "examine {o}", ""],
    ...(wording === "move" ? [["help", "help", HELP] as const] : []),
  ];
  const sentences: Rules = Object.fromEntries(
    actions.flatMap(([name, , rhs]) => (rhs ? [[`${name}.feedback`, [{ rhs }]]] : [])),
  );
  const blocks = actions.map(
    ([name, template]) =>
      `action ${name} {\n    template :: "${template}";\n    feedback :: "#${name}.feedback#";\n}\n`,
  );
  return `grammar :: """\n${JSON.stringify({ ...rules, ...sentences }, null, 1)}\n""";\n\n${blocks.join("\n")}`;
}
