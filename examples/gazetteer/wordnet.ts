// Reads the data files of WordNet 3.1 (format: wndb(5WN)): one synset to a line, behind a licence that is indented.
// `offset lexfile type words_count {word lex_id} pointers_count {symbol offset type source/target} ... | gloss`

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Synset {
  /** Unique: part of speech and offset. */
  readonly id: string;
  readonly partOfSpeech: string;
  readonly topic: string;
  readonly words: readonly string[];
  readonly gloss: string;
  /** Whether it is one particular thing, such as a city. */
  readonly isInstance: boolean;
  /** Ids of the synsets that it is a part of. */
  readonly partOf: readonly string[];
}

/** Names of the lexicographer files (lexnames(5WN)), by number. */
const TOPICS = `adj.all adj.pert adv.all noun.Tops noun.act noun.animal noun.artifact noun.attribute noun.body noun.cognition
  noun.communication noun.event noun.feeling noun.food noun.group noun.location noun.motive noun.object noun.person
  noun.phenomenon noun.plant noun.possession noun.process noun.quantity noun.relation noun.shape noun.state noun.substance
  noun.time verb.body verb.change verb.cognition verb.communication verb.competition verb.consumption verb.contact
  verb.creation verb.emotion verb.motion verb.perception verb.possession verb.social verb.stative verb.weather adj.ppl`
  .trim()
  .split(/\s+/);

const FILES = { noun: 'noun', verb: 'verb', adj: 'adjective', adv: 'adverb' } as const;

export function readWordNet(folder: string): Synset[] {
  return Object.entries(FILES).flatMap(([file, partOfSpeech]) =>
    readFileSync(join(folder, `data.${file}`), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('  '))
      .map((line) => synset(line, partOfSpeech)),
  );
}

function synset(line: string, partOfSpeech: string): Synset {
  const bar = line.indexOf(' | ');
  const fields = line.slice(0, bar).split(' ');
  const [offset = '', topic = '', , count = '0'] = fields;
  const wordsEnd = 4 + 2 * parseInt(count, 16);
  const words = fields.slice(4, wordsEnd).filter((_, i) => i % 2 === 0);
  const pointers = fields.slice(wordsEnd + 1);
  const partOf: string[] = [];
  let isInstance = false;
  for (let i = 0; i < 4 * Number(fields[wordsEnd]); i += 4) {
    if (pointers[i] === '@i') isInstance = true;
    if (pointers[i] === '#p') partOf.push(`noun ${pointers[i + 1] ?? ''}`);
  }
  return {
    id: `${partOfSpeech} ${offset}`,
    partOfSpeech,
    topic: TOPICS[Number(topic)] ?? 'unknown',
    // Adjectives may carry a marker of their position: `galore(ip)`.
    words: words.map((word) => word.replace(/\(\w+\)$/, '').replaceAll('_', ' ')),
    gloss: line.slice(bar + 3).trim(),
    isInstance,
    partOf,
  };
}
