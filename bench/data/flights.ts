// Three million flights within the United States in 2001, from `vega-datasets` (BSD-3), in columns.

import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface Flight {
  readonly id: number;
  /** Day of the year, 0 at the first of January. */
  readonly day: number;
  /** Minutes late at arrival. */
  readonly delay: number;
  /** Miles. */
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
}

interface Stored {
  readonly date: Date;
  readonly delay: bigint;
  readonly distance: bigint;
  readonly origin: string;
  readonly destination: string;
}

/** The parts of the packages that are used here: the sources type-check without them. */
interface Parquet {
  asyncBufferFromFile(path: string): Promise<unknown>;
  parquetReadObjects(options: object): Promise<Stored[]>;
}

export const FLIGHTS = 3_000_000;
const YEAR = Date.UTC(2001, 0, 1);
const DAY = 86_400_000;
const PART = 250_000;

export function flightsFile(): string {
  const main = createRequire(import.meta.url).resolve('vega-datasets');
  const root = main.slice(0, main.lastIndexOf('vega-datasets') + 'vega-datasets'.length);
  return join(root, 'data', 'flights-3m.parquet');
}

/** The first `count`, read once; rows are made as they are asked for. */
export class Flights {
  private readonly numbers: Int32Array;
  private readonly airports: string[] = [];

  private constructor(readonly count: number) {
    this.numbers = new Int32Array(count * 5);
  }

  static async read(count: number): Promise<Flights> {
    const [parquet, codecs] = ['hyparquet', 'hyparquet-compressors'];
    const { asyncBufferFromFile, parquetReadObjects } = (await import(parquet)) as Parquet;
    const { compressors } = (await import(codecs)) as { readonly compressors: unknown };
    const file = await asyncBufferFromFile(flightsFile());
    const flights = new Flights(count);
    const codes = new Map<string, number>();
    const code = (airport: string) => {
      let known = codes.get(airport);
      if (known === undefined) codes.set(airport, (known = flights.airports.push(airport) - 1));
      return known;
    };
    let at = 0;
    for (let rowStart = 0; rowStart < count; rowStart += PART) {
      const rowEnd = Math.min(count, rowStart + PART);
      for (const row of await parquetReadObjects({ file, compressors, rowStart, rowEnd })) {
        const day = Math.floor((row.date.getTime() - YEAR) / DAY);
        flights.numbers.set(
          [day, Number(row.delay), Number(row.distance), code(row.origin), code(row.destination)],
          at,
        );
        at += 5;
      }
    }
    return flights;
  }

  *rows(count = this.count): Generator<Flight> {
    const { numbers, airports } = this;
    for (let i = 0; i < count; i++) {
      const at = i * 5;
      yield {
        id: i + 1,
        day: numbers[at]!,
        delay: numbers[at + 1]!,
        distance: numbers[at + 2]!,
        origin: airports[numbers[at + 3]!]!,
        destination: airports[numbers[at + 4]!]!,
      };
    }
  }
}
