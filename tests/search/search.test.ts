import { describe, expect, it } from "vitest";
import { analyze } from "../../lib/search/analyzer";
import { createBm25Index } from "../../lib/search/bm25";
import { decodeLength, encodeLength } from "../../lib/search/lengths";
import { stem } from "../../lib/search/porter";
import { eachToken } from "../../lib/search/tokenizer";
import { generator } from "../../lib/random";

function tokens(text: string): string[] {
  const found: string[] = [];
  eachToken(text, (token) => found.push(token));
  return found;
}

describe("tokenizer", () => {
  it("joins letters and digits as UAX #29 says", () => {
    expect(tokens("Wi-Fi 2.4GHz, U.S.A. 1,000 a_b it’s x;y 3;4 _ 5_")).toEqual([
      "Wi",
      "Fi",
      "2.4GHz",
      "U.S.A",
      "1,000",
      "a_b",
      "it’s",
      "x",
      "y",
      "3;4",
      "5_",
    ]);
  });

  it("makes one word of an ideograph and of an emoji sequence", () => {
    expect(tokens("白色 カタカナ ❤️ 👩‍🚀👍🏽 🇫🇷🇩🇪 ™ #️⃣ café́ สวัสดี")).toEqual([
      "白",
      "色",
      "カタカナ",
      "❤️",
      "👩‍🚀",
      "👍🏽",
      "🇫🇷",
      "🇩🇪",
      "™",
      "#️⃣",
      "café́",
      "สวัสดี",
    ]);
  });

  it("cuts overlong words into pieces of 255", () => {
    expect(tokens("x".repeat(600)).map((t) => t.length)).toEqual([255, 255, 90]);
  });

  it("reads long texts as it reads short ones", () => {
    const words = ["rain", "U.S.A", "it’s", "3,000.5", "__x_1", "白", "😀", "👩‍🚀", "ab".repeat(100), ",", "'"];
    const random = generator("long texts");
    const list = Array.from({ length: 20_000 }, () => random.pick(words));
    expect(tokens(list.join(" "))).toEqual(list.flatMap(tokens));
  });

  // A quadratic scan would take minutes and run into the time limit of a test.
  it.each(["_", "a_", "a'", "1,", "\u200D", "#\u0301", "😀\u200D", "'", 'א"'])(
    "reads endless %j to its end",
    (unit) => {
      const text = unit.repeat(120_000 / unit.length);
      expect(tokens(text).reduce((sum, token) => sum + token.length, 0)).toBeLessThanOrEqual(text.length);
    },
  );
});

describe("stemmer", () => {
  it("gives the stems of Porter's paper", () => {
    const pairs =
      "caresses:caress ponies:poni ties:ti cats:cat feed:feed agreed:agre plastered:plaster motoring:motor sing:sing " +
      "conflated:conflat troubled:troubl sized:size hopping:hop tanned:tan falling:fall hissing:hiss fizzed:fizz " +
      "failing:fail filing:file happy:happi sky:sky relational:relat conditional:condit rational:ration valenci:valenc " +
      "digitizer:digit conformabli:conform radicalli:radic vietnamization:vietnam operator:oper feudalism:feudal " +
      "hopefulness:hope formaliti:formal sensibiliti:sensibl triplicate:triplic formative:form electrical:electr " +
      "goodness:good revival:reviv allowance:allow adjustable:adjust replacement:replac adoption:adopt homologou:homolog " +
      "bowdlerize:bowdler probate:probat rate:rate cease:ceas controll:control roll:roll possibly:possibl apology:apolog is:is";
    for (const pair of pairs.split(" ")) {
      const [word, expected] = pair.split(":");
      expect(stem(word), word).toBe(expected);
    }
  });
});

describe("analyzer", () => {
  it("drops stop words and possessives before stemming", () => {
    expect(analyze("The women's high-waisted LEGGINGS, not for children’S")).toEqual([
      "women",
      "high",
      "waist",
      "leg",
      "children",
    ]);
  });
});

describe("length bytes", () => {
  it("are exact up to 39 and never above the length", () => {
    for (let n = 0; n < 40; n++) expect(decodeLength(encodeLength(n))).toBe(n);
    for (const n of [40, 41, 57, 100, 1000, 123_456, 2 ** 31 - 1]) {
      const kept = decodeLength(encodeLength(n));
      expect(kept).toBeLessThanOrEqual(n);
      expect(kept).toBeGreaterThan(n * 0.88);
    }
    expect(encodeLength(2 ** 31 - 1)).toBe(255);
  });
});

describe("index", () => {
  const documents = [
    { id: "c", text: "red shoes" },
    { id: "a", text: "red shoes" },
    { id: "b", text: "blue shoes, blue laces and blue soles" },
    { id: "d", text: "" },
  ];

  it("ranks by BM25 and breaks ties by id", () => {
    const index = createBm25Index(documents);
    expect(index.search("red shoe", 10).map((hit) => hit.id)).toEqual(["a", "c", "b"]);
    expect(index.search("red shoe", 1).map((hit) => hit.index)).toEqual([1]);
    const idf = Math.log(1 + (3 - 1 + 0.5) / (1 + 0.5));
    const norm = 1 / (0.9 * (0.6 + (0.4 * 6) / (10 / 3)));
    expect(index.search("blue", 10)[0].score).toBeCloseTo(idf * (1 - 1 / (1 + 3 * norm)), 5);
  });

  it("counts a repeated query word as often as it is there", () => {
    const index = createBm25Index(documents);
    expect(index.search("blue blue blue", 1)[0].score).toBeCloseTo(3 * index.search("blue", 1)[0].score, 5);
  });

  it("answers unknown, empty and stop-word queries with nothing", () => {
    const index = createBm25Index(documents);
    for (const query of ["", "the of", "zebra", "\u0000\uD800"]) expect(index.search(query, 5)).toEqual([]);
    expect(createBm25Index([]).search("red", 5)).toEqual([]);
  });

  it("keeps the k best of many as sorting all would", () => {
    const many = Array.from({ length: 3000 }, (_, i) => ({
      id: `p${(i * 7919) % 3000}`,
      text: "lamp ".repeat(1 + (i % 7)) + "wood ".repeat(i % 5) + "x ".repeat(i % 11),
    }));
    const index = createBm25Index(many);
    const all = index.search("lamp wood", 3000);
    for (let i = 1; i < all.length; i++)
      expect(all[i - 1].score > all[i].score || (all[i - 1].score === all[i].score && all[i - 1].id < all[i].id)).toBe(
        true,
      );
    expect(all).toHaveLength(3000);
    for (const k of [1, 2, 50, 777]) expect(index.search("lamp wood", k)).toEqual(all.slice(0, k));
  });
});
