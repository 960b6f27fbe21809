/**
 * The wording of the encyclopaedia. A passage is a list of sentences; of each sentence one variant is drawn, and a
 * sentence is left out when a fact it needs is missing. `{name}` is the thing, `{last}` a person's family name, any
 * other slot a relation or a plain fact of the thing. The first sentence stays first, the others are shuffled.
 */
import type { Kind } from "./relations";

export type Sentence = readonly string[];

export const PASSAGES: { readonly [kind in Kind]: readonly (readonly Sentence[])[] } = {
  person: [
    [
      [
        "{name} was born in {birthplace} on {birthdate}.",
        "{name} came into the world on {birthdate} in {birthplace}.",
        "Born on {birthdate}, {name} grew up in {birthplace}, the town of birth.",
      ],
      [
        "{last} attended {school}.",
        "The young {last} studied at {school}.",
        "{last} was sent to {school} and finished with honours.",
      ],
      ["{name} was married to {spouse}.", "The marriage with {spouse} lasted for life.", "{last} later wed {spouse}."],
      [
        "The family kept a small shop near the market square.",
        "Both parents were schoolteachers with very little money of their own.",
        "By all accounts childhood was quiet, poor and rather short.",
      ],
    ],
    [
      [
        "{name} was {occupation} of some note.",
        "{name} worked as {occupation}.",
        "As {occupation}, {name} became known.",
      ],
      [
        "{last} was taught by {teacher}.",
        "The teacher of {last} was {teacher}.",
        "{last} learned the trade from {teacher}.",
      ],
      ["{last} wrote the novel {novel}.", "The only novel of {last} is {novel}."],
      ["{last} directed the film {film}.", "The one film that {last} directed is {film}."],
      ["{last} composed the song {song}.", "A single song, {song}, made {last} popular."],
      ["{last} painted {painting}.", "Of the paintings by {last} only {painting} survives."],
      ["{last} founded the company {company}.", "In later years {last} set up {company}."],
      ["{last} designed {landmark}.", "The building for which {last} is remembered is {landmark}."],
      [
        "Colleagues praised a calm manner and a sharp memory.",
        "The letters to friends were printed later.",
        "Little else is recorded of those years.",
      ],
      ["Modern critics are kinder than those of the day.", "A street and a prize bear the name today."],
    ],
  ],
  town: [
    [
      [
        "{name} is a town in {region}.",
        "The town of {name} lies in {region}.",
        "{name}, a market town, belongs to {region}.",
      ],
      [
        "The {river} flows through it.",
        "It stands on the banks of the {river}.",
        "The {river} runs past its old walls.",
      ],
      ["Its fairs draw visitors every autumn.", "Most people work in small trades.", "The climate is mild and wet."],
    ],
    [
      ["{name} was founded in {year}.", "The history of {name} begins in {year}, when it was founded."],
      [
        "A fire destroyed the oldest quarter soon after.",
        "The walls were pulled down stone by stone.",
        "A flood once reached the market hall.",
      ],
      ["The town hall still shows the old coat of arms.", "Its archive holds rare maps of the coast."],
    ],
  ],
  region: [
    [
      [
        "{capital} is the capital of {name}.",
        "The capital of {name} is {capital}.",
        "{name} is governed from its capital, {capital}.",
      ],
      ["The land is hilly and thinly settled.", "Orchards and sheep farms cover most of it."],
      ["It joined the union late.", "Several dialects are spoken there.", "Its coast is known for storms."],
    ],
  ],
  company: [
    [
      [
        "{name} is a company founded by {founder} in {year}.",
        "{founder} founded {name} in {year}.",
        "The founder of {name}, a firm set up in {year}, was {founder}.",
      ],
      [
        "Its headquarters are in {headquarters}.",
        "The firm is based in {headquarters}.",
        "The main office stands in {headquarters}.",
      ],
      [
        "Today it employs some two hundred people.",
        "It has been run by the same family ever since.",
        "Most of its goods are sold abroad.",
      ],
    ],
  ],
  school: [
    [
      [
        "{name} is a school in {town}.",
        "{name} stands in the old quarter of {town}.",
        "The town of {town} is home to {name}.",
      ],
      [
        "It was founded in {year} by {founder}.",
        "{founder} was its founder in {year}.",
        "{founder} opened it in {year}.",
      ],
      [
        "Its library is open to the public every day.",
        "The students still wear green coats in winter.",
        "Lessons once began well before dawn.",
      ],
    ],
  ],
  landmark: [
    [
      [
        "{name} was designed by {architect} and completed in {year}.",
        "{architect} was the architect of {name}, which was finished in {year}.",
        "Completed in {year}, {name} is a work of {architect}, its architect.",
      ],
      ["It stands in {town}.", "It is the best known building of {town}.", "Visitors to {town} rarely miss it."],
      [
        "The stone for it came from nearby quarries.",
        "It was restored twice after heavy storms.",
        "At night it is lit by hundreds of lamps.",
      ],
    ],
  ],
  novel: [
    [
      [
        "{name} is a novel by {author}, published in {year}.",
        "{name} is a {year} novel written by {author}.",
        "Written by {author}, {name} is a novel that appeared in {year}.",
      ],
      ["Its publisher was {publisher}.", "It was published by {publisher}.", "{publisher} brought it out."],
      ["The story is set in {setting}.", "The plot unfolds in {setting}.", "Most chapters take place in {setting}."],
      ["Readers liked its dry humour.", "It sold slowly at first."],
    ],
  ],
  film: [
    [
      [
        "{name} is a film directed by {director}, released in {year}.",
        "{name} is a {year} film by the director {director}.",
        "Directed by {director}, the film {name} came out in {year}.",
      ],
      ["The story is set in {setting}.", "It takes place in {setting}.", "Its scenes play in {setting}."],
      ["It was shot in black and white.", "It won a prize for its music.", "The whole cast was unknown then."],
    ],
  ],
  song: [
    [
      [
        "{name} is a song composed by {composer} in {year}.",
        "{composer} composed the song {name} in {year}.",
        "{name}, a song of {year}, is by the composer {composer}.",
      ],
      [
        "It was first performed in {premiere}.",
        "Its premiere took place in {premiere}.",
        "The first performance was heard in {premiere}.",
      ],
      [
        "To this day it is often sung at weddings.",
        "The melody is slow and rather sad.",
        "Many choirs still know it by heart.",
      ],
    ],
  ],
  painting: [
    [
      [
        "{name} was painted by {painter} in {year}.",
        "{name} is a {year} painting by the painter {painter}.",
        "The painter {painter} finished {name}, a painting in oil, in {year}.",
      ],
      ["It shows {subject}.", "The subject is {subject}.", "It depicts {subject} at dusk."],
      [
        "Today it hangs in a private house.",
        "Its carved frame is older than the picture.",
        "The colours have darkened with the years.",
      ],
    ],
  ],
};
