/**
 * What can be asked about the fictional world: for each kind of thing its functional relations (one value each), with
 * the words for thoughts and searches (`noun`), for the last step of a question (`ask`) and for a step in the middle
 * of one (`phrase`). `{}` stands for the thing, which may itself be a phrase: "the author of the novel Orvane Lantern".
 */
export type Kind =
  "person" | "town" | "region" | "company" | "school" | "landmark" | "novel" | "film" | "song" | "painting";

export interface Relation {
  readonly noun: string;
  readonly ask: readonly string[];
  /** Absent where the value is a year, a river or anything else that has no relations of its own. */
  readonly phrase?: readonly string[];
  /** The relation that leads back from the value: a passage that states one states the other. */
  readonly inverse?: string;
}

export const RELATIONS: { readonly [kind in Kind]: { readonly [relation: string]: Relation } } = {
  person: {
    birthplace: {
      noun: "birthplace",
      ask: ["Where was {} born?", "In which town was {} born?", "What is the birthplace of {}?"],
      phrase: ["the town where {} was born", "the birthplace of {}"],
    },
    birthyear: { noun: "birth year", ask: ["When was {} born?", "In what year was {} born?"] },
    spouse: {
      noun: "spouse",
      ask: ["Who married {}?", "Who was the spouse of {}?"],
      phrase: ["the spouse of {}", "the person who married {}"],
      inverse: "spouse",
    },
    school: {
      noun: "school",
      ask: ["Where did {} study?", "Which school did {} attend?"],
      phrase: ["the school where {} studied", "the school of {}"],
    },
    teacher: {
      noun: "teacher",
      ask: ["Who taught {}?", "Who was the teacher of {}?"],
      phrase: ["the teacher of {}", "the person who taught {}"],
    },
    novel: { noun: "novel", ask: ["Which novel did {} write?"], phrase: ["the novel by {}"], inverse: "author" },
    film: { noun: "film", ask: ["Which film did {} direct?"], phrase: ["the film by {}"], inverse: "director" },
    song: { noun: "song", ask: ["Which song did {} compose?"], phrase: ["the song by {}"], inverse: "composer" },
    painting: { noun: "painting", ask: ["What did {} paint?"], phrase: ["the painting by {}"], inverse: "painter" },
    company: {
      noun: "company",
      ask: ["Which company did {} found?"],
      phrase: ["the company founded by {}"],
      inverse: "founder",
    },
    landmark: {
      noun: "building",
      ask: ["What did {} design?"],
      phrase: ["the building designed by {}"],
      inverse: "architect",
    },
  },
  town: {
    region: {
      noun: "region",
      ask: ["In which region is {}?", "In which region does {} lie?"],
      phrase: ["the region of {}", "the region around {}"],
    },
    river: { noun: "river", ask: ["Which river flows through {}?", "What river runs through {}?"] },
    year: { noun: "founding year", ask: ["When was {} founded?", "In what year was {} founded?"] },
  },
  region: {
    capital: {
      noun: "capital",
      ask: ["What is the capital of {}?", "Which town is the capital of {}?"],
      phrase: ["the capital of {}"],
    },
  },
  company: {
    founder: {
      noun: "founder",
      ask: ["Who founded {}?", "Who was the founder of {}?"],
      phrase: ["the founder of {}", "the person who founded {}"],
      inverse: "company",
    },
    headquarters: {
      noun: "headquarters",
      ask: ["Where is {} based?", "Where are the headquarters of {}?"],
      phrase: ["the town where {} is based"],
    },
    year: { noun: "founding year", ask: ["When was {} founded?", "In what year was {} founded?"] },
  },
  school: {
    founder: {
      noun: "founder",
      ask: ["Who founded {}?", "Who was the founder of {}?"],
      phrase: ["the founder of {}"],
    },
    town: { noun: "town", ask: ["Where is {}?", "In which town is {}?"], phrase: ["the town of {}"] },
    year: { noun: "founding year", ask: ["When was {} founded?", "In what year was {} founded?"] },
  },
  landmark: {
    architect: {
      noun: "architect",
      ask: ["Who designed {}?", "Who was the architect of {}?"],
      phrase: ["the architect of {}", "the person who designed {}"],
      inverse: "landmark",
    },
    town: { noun: "town", ask: ["Where is {}?", "In which town is {}?"], phrase: ["the town of {}"] },
    year: { noun: "year", ask: ["When was {} completed?", "In what year was {} finished?"] },
  },
  novel: {
    author: {
      noun: "author",
      ask: ["Who wrote {}?", "Who is the author of {}?"],
      phrase: ["the author of {}", "the writer of {}"],
      inverse: "novel",
    },
    publisher: {
      noun: "publisher",
      ask: ["Which company published {}?", "Who was the publisher of {}?"],
      phrase: ["the publisher of {}", "the company that published {}"],
    },
    setting: {
      noun: "setting",
      ask: ["Where is {} set?", "In which town is {} set?"],
      phrase: ["the town where {} is set", "the setting of {}"],
    },
    year: { noun: "year", ask: ["When was {} published?", "In what year did {} appear?"] },
  },
  film: {
    director: {
      noun: "director",
      ask: ["Who directed {}?", "Who was the director of {}?"],
      phrase: ["the director of {}", "the person who directed {}"],
      inverse: "film",
    },
    setting: {
      noun: "setting",
      ask: ["Where is {} set?", "In which town does {} take place?"],
      phrase: ["the town where {} is set", "the setting of {}"],
    },
    year: { noun: "year", ask: ["When was {} released?", "In what year did {} come out?"] },
  },
  song: {
    composer: {
      noun: "composer",
      ask: ["Who composed {}?", "Who was the composer of {}?"],
      phrase: ["the composer of {}", "the person who composed {}"],
      inverse: "song",
    },
    premiere: {
      noun: "premiere",
      ask: ["Where was {} first performed?", "In which town was {} first heard?"],
      phrase: ["the town where {} was first performed"],
    },
    year: { noun: "year", ask: ["When was {} composed?", "In what year was {} written?"] },
  },
  painting: {
    painter: {
      noun: "painter",
      ask: ["Who painted {}?", "Who was the painter of {}?"],
      phrase: ["the painter of {}", "the person who painted {}"],
      inverse: "painting",
    },
    subject: {
      noun: "subject",
      ask: ["What does {} show?", "Which building does {} depict?"],
      phrase: ["the building shown in {}", "the subject of {}"],
    },
    year: { noun: "year", ask: ["When was {} painted?", "In what year was {} finished?"] },
  },
};

/** Who made a thing of this kind: the relation that a comparison of two such things asks for. */
export const MAKER: { readonly [kind in Kind]?: string } = {
  novel: "author",
  film: "director",
  song: "composer",
  painting: "painter",
  landmark: "architect",
  company: "founder",
};

/** How a question names a thing of this kind. */
export const MENTIONS: { readonly [kind in Kind]?: readonly string[] } = {
  novel: ["{}", "the novel {}"],
  film: ["{}", "the film {}"],
  song: ["{}", "the song {}"],
  painting: ["{}", "the painting {}"],
};
