/** The furniture of a made-up room, and ids in ALFRED's manner: a class and coordinates in metres. */
import { fold, generator } from "../../random";
import type { RandomSource } from "../../types";
import { FURNITURE, OPENABLE, type RoomKind } from "./catalogue";

/** One piece of furniture. */
export interface Piece {
  readonly type: string;
  readonly id: string;
  /** The id of the place from which it is reached. */
  readonly location: string;
  readonly openable: boolean;
  readonly x: number;
  readonly z: number;
}

/** Share of the pieces that stand so close to another that both are reached from the same place. */
const CLOSE = 0.06;

const plans = new Map<string, readonly Piece[]>();

/** The furniture of a room: the same in all its games, and in all other rooms different. */
export function floorPlan(room: RoomKind, scene: number): readonly Piece[] {
  const key = `${room} ${scene}`;
  const plan = plans.get(key) ?? drawPlan(room, scene);
  plans.set(key, plan);
  return plan;
}

function drawPlan(room: RoomKind, scene: number): readonly Piece[] {
  const random = generator(fold("alfworld floor plan", room, scene));
  const ids = new IdMaker(random);
  const pieces: Piece[] = [];
  for (const [type, min, max] of FURNITURE[room])
    for (let count = min + random.integer(max - min + 1); count > 0; count--) {
      const [x, z] = [random.next() * 8 - 4, random.next() * 8 - 4];
      const neighbour = pieces.length > 0 && random.next() < CLOSE ? random.pick(pieces) : undefined;
      pieces.push({
        type,
        id: ids.receptacle(type, x, z),
        location: neighbour?.location ?? ids.location(x, z),
        openable: random.next() < (OPENABLE[type] ?? 0),
        x,
        z,
      });
    }
  return pieces;
}

/** Makes ids that differ from each other and from those taken. Coordinates are x, height and z. */
export class IdMaker {
  private readonly used: Set<string>;

  constructor(
    private readonly random: RandomSource,
    taken: Iterable<string> = [],
  ) {
    this.used = new Set(taken);
  }

  /** A basin is a part of the sink or bathtub that it is named after. */
  receptacle(type: string, x: number, z: number): string {
    return this.fresh(() => {
      const spot = this.spot(x, z);
      return type.endsWith("basin") ? `${type.slice(0, -"basin".length)}${spot}_bar_${type}` : `${type}${spot}`;
    });
  }

  thing(type: string, x: number, z: number): string {
    return this.fresh(() => `${type}${this.spot(x, z)}`);
  }

  /** Grid point, direction and camera angle of someone who stands before x, z. */
  location(x: number, z: number): string {
    return this.fresh(() => {
      const near = (at: number): string => whole(Math.round(at * 4) + this.random.integer(5) - 2);
      const [direction, angle] = [this.random.integer(4), this.random.pick([-30, -15, 0, 15, 30, 45, 60])];
      return `loc_bar_${near(x)}_bar_${near(z)}_bar_${direction}_bar_${whole(angle)}`;
    });
  }

  private spot(x: number, z: number): string {
    const around = (at: number): number => at + (this.random.next() - 0.5) * 0.6;
    return [around(x), this.random.next() * 2, around(z)].map((at) => `_bar_${decimal(at)}`).join("");
  }

  private fresh(make: () => string): string {
    for (;;) {
      const id = make();
      if (this.used.has(id)) continue;
      this.used.add(id);
      return id;
    }
  }
}

/** -0.84 -> `_minus_00_dot_84`. */
function decimal(value: number): string {
  const hundredths = Math.round(Math.abs(value) * 100);
  const pad = (part: number): string => String(part).padStart(2, "0");
  const sign = value < 0 ? "_minus_" : "_plus_";
  return `${sign}${pad(Math.floor(hundredths / 100))}_dot_${pad(hundredths % 100)}`;
}

/** -3 -> `_minus_3`. */
function whole(value: number): string {
  return value < 0 ? `_minus_${-value}` : String(value);
}
