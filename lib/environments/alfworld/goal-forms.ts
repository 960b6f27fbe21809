/** ALFWorld's six kinds of goals: how each is put in words and in PDDL. */
import type { GoalSummary, TaskType } from "./goal";
import { parseExpression, type Expression } from "./pddl";

type Text = (object: string, target: string) => string;

/** The two ways in which each task may be put. */
export const TASK_TEXTS: { readonly [type in TaskType]: readonly Text[] } = {
  pick_and_place_simple: [(o, t) => `put a ${o} in ${t}`, (o, t) => `put some ${o} on ${t}`],
  look_at_obj_in_light: [(o, t) => `look at ${o} under the ${t}`, (o, t) => `examine the ${o} with the ${t}`],
  pick_clean_then_place_in_recep: [
    (o, t) => `put a clean ${o} in ${t}`,
    (o, t) => `clean some ${o} and put it in ${t}`,
  ],
  pick_heat_then_place_in_recep: [(o, t) => `put a hot ${o} in ${t}`, (o, t) => `heat some ${o} and put it in ${t}`],
  pick_cool_then_place_in_recep: [(o, t) => `put a cool ${o} in ${t}`, (o, t) => `cool some ${o} and put it in ${t}`],
  pick_two_obj_and_place: [(o, t) => `put two ${o} in ${t}`, (o, t) => `find two ${o} and put them in ${t}`],
};

/** The goal in PDDL. */
export function goalExpression({ taskType, object, target }: GoalSummary): Expression {
  const is = (thing: string): string => `(objecttype ${thing} ${object}type)`;
  const inTarget = (thing: string): string => `(receptacletype ?r ${target}type) (inreceptacle ${thing} ?r)`;
  const placed = (more: string): string =>
    `(exists (?r - receptacle) (exists (?o - object) (and ${is("?o")} ${inTarget("?o")} ${more})))`;
  const goals: { readonly [type in TaskType]: string } = {
    pick_and_place_simple: placed(""),
    pick_clean_then_place_in_recep: placed("(cleanable ?o) (isclean ?o)"),
    pick_heat_then_place_in_recep: placed("(heatable ?o) (ishot ?o)"),
    pick_cool_then_place_in_recep: placed("(coolable ?o) (iscool ?o)"),
    pick_two_obj_and_place: `(exists (?r - receptacle) (exists (?o1 - object) (and ${is("?o1")} ${inTarget("?o1")}
      (exists (?o2 - object) (and (not (= ?o1 ?o2)) ${is("?o2")} ${inTarget("?o2")})))))`,
    look_at_obj_in_light: `(exists (?ot - object ?r - receptacle ?a - agent ?l - location)
        (and (objecttype ?ot ${target}type) (toggleable ?ot) (istoggled ?ot)
          (receptacleatlocation ?r ?l) (atlocation ?a ?l) (inreceptacle ?ot ?r)))
      (exists (?o - object ?a - agent) (and ${is("?o")} (holds ?a ?o)))`,
  };
  return parseExpression(`(and ${goals[taskType]})`);
}
