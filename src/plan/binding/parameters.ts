// The types of a statement's parameters, which the places they stand in decide. A parameter that no place decides takes the type of the
// value given for it, TEXT when there is none.

import type { Parameter } from '../../expr/expression.js';
import type { ArgumentType } from '../../expr/typing.js';
import type { Type } from '../../values/types.js';

/** Types of the values at hand for parameters, by slot and name; they decide what their places leave open. */
export type GivenTypes = (index: number, name: string | undefined) => Type | undefined;

/** How far a place lets the value at hand widen its type: `WHERE population > ?` may meet 1.5, `ST_Within(place, ?)` an area. */
export type Widening = 'numbers' | 'argument';

const wider: Readonly<Record<Widening, Readonly<Partial<Record<Type, Type>>>>> = {
  numbers: { integer: 'real', 'integer[]': 'real[]' },
  argument: { integer: 'real', 'integer[]': 'real[]', point: 'geometry' },
};

export class ParameterTypes {
  /** By index; undefined until a place decides. */
  protected readonly decided: (Type | undefined)[];
  /** Indexes whose type came from the given value: a plan holds only for values of these types. */
  readonly fromValues = new Set<number>();

  /** @param names of the named parameters, by index */
  constructor(
    private readonly given: GivenTypes,
    readonly names: string[] = [],
  ) {
    this.decided = names.map(() => undefined);
  }

  typeOf(index: number): ArgumentType {
    return this.decided[index] ?? 'unknown';
  }

  /** What the value given suggests, when there is one. */
  suggested(index: number): Type | undefined {
    return this.given(index, this.names[index]);
  }

  /** Gives an undecided parameter its type: that of its place, or where it widens the one that the value at hand has. */
  decide(index: number, type: Type, widening?: Widening): Parameter {
    let chosen = type;
    const wide = widening && wider[widening][type];
    if (wide) {
      this.fromValues.add(index);
      if (this.suggested(index) === wide) chosen = wide;
    }
    this.decided[index] = chosen;
    return { kind: 'parameter', index, type: chosen };
  }

  /** Decides what is left from the value given. */
  settle(index: number): Parameter {
    const known = this.decided[index];
    if (known !== undefined) return { kind: 'parameter', index, type: known };
    this.fromValues.add(index);
    const suggested = this.suggested(index);
    return this.decide(index, suggested === undefined || suggested === 'null' ? 'text' : suggested);
  }

  types(): Type[] {
    return this.decided.map((type) => type ?? 'text');
  }
}
