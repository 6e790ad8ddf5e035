// Choosing among a function's overloads by argument types, as PostgreSQL does: exact matches first, implicit casts next,
// and unknown arguments take the type of their known neighbours, then text.

import type { Type } from '../../values/types.js';
import { elementType } from '../../values/types.js';
import type { ArgumentType } from '../typing.js';
import { commonType, implicitlyCasts } from '../typing.js';
import type { External } from '../user-functions.js';
import type { FunctionEntry, GenericOverload, Overload, Param } from './contract.js';

type AnyOverload = Overload | GenericOverload;

export interface Resolution {
  readonly overload: Overload;
  /** The type to cast each argument to, or undefined where it stays as it is. */
  readonly casts: readonly (Type | undefined)[];
  readonly type: Type;
  /** When the application registered the function. */
  readonly external?: External;
}

/** The overload for arguments of these types, or undefined when none takes them or none is the best. */
export function chooseOverload(
  overloads: FunctionEntry['overloads'],
  types: readonly ArgumentType[],
): Resolution | undefined {
  let best: Fitted | undefined;
  for (const overload of overloads) {
    const fitted = fit(overload, types);
    if (fitted !== undefined && fitted.score > (best?.score ?? -1)) best = fitted;
  }
  if (best === undefined) return undefined;
  const { overload, casts, type, targets } = best;
  if (!('evaluateFor' in overload)) return { overload, casts, type };
  return { overload: { ...overload, evaluate: overload.evaluateFor(targets) }, casts, type };
}

interface Fitted extends Pick<Resolution, 'casts' | 'type'> {
  readonly overload: AnyOverload;
  /** The types of the arguments once they are cast. */
  readonly targets: readonly Type[];
  readonly score: number;
}

function paramAt(overload: AnyOverload, i: number): Param | undefined {
  return i < overload.params.length ? overload.params[i] : overload.rest;
}

function fit(overload: AnyOverload, types: readonly ArgumentType[]): Fitted | undefined {
  if (types.length < overload.params.length) return undefined;
  if (types.length > overload.params.length && overload.rest === undefined) return undefined;
  const same = commonType(types.filter((_, i) => paramAt(overload, i) === 'same'));
  if (same === undefined) return undefined;
  const array = arrayOf(overload, types);
  const neighbour = types.find((type) => type !== 'unknown' && type !== 'null');
  const targets: Type[] = [];
  let score = 0;
  for (let i = 0; i < types.length; i++) {
    const type = types[i]!;
    const param = paramAt(overload, i)!;
    const target = targetOf(param, type, same, array);
    if (target !== type && param !== 'astext' && param !== 'texty' && !implicitlyCasts(type, target)) return undefined;
    targets.push(target);
    score += scoreOf(param, type, target, neighbour);
  }
  const casts = targets.map((target, i) => (target === types[i] ? undefined : target));
  return { overload, casts, type: resultOf(overload, same, array), targets, score };
}

/** The type of the array among the arguments; of one whose type is open, that of its element. */
function arrayOf(overload: AnyOverload, types: readonly ArgumentType[]): Type {
  const at = (param: Param) => types.filter((_, i) => paramAt(overload, i) === param);
  const known = at('array').find((type) => type !== 'unknown' && elementType(type) !== undefined);
  if (known !== undefined && known !== 'unknown') return known;
  return arrayTypeOf(at('element').find((type) => type !== 'unknown' && type !== 'null') ?? 'text');
}

function arrayTypeOf(element: ArgumentType): Type {
  return `${element === 'null' || element === 'unknown' ? 'text' : element}[]` as Type;
}

function resultOf({ result }: AnyOverload, same: Type, array: Type): Type {
  switch (result) {
    case 'same':
      return same;
    case 'same[]':
      return arrayTypeOf(same);
    case 'array':
      return array;
    case 'element':
      return elementType(array) ?? 'null';
    default:
      return result;
  }
}

function targetOf(param: Param, type: ArgumentType, same: Type, array: Type): Type {
  switch (param) {
    case 'array':
      return array;
    case 'element': {
      const element = elementType(array) ?? 'null';
      return element === 'integer' && type === 'real' ? 'real' : element;
    }
    case 'same':
      return same;
    case 'any':
      return type === 'unknown' ? 'text' : type;
    case 'astext':
      return 'text';
    case 'texty':
      return type === 'boolean' ? 'boolean' : 'text';
    default:
      return param;
  }
}

/** An exact match outweighs any number of good guesses; a cast counts least. Ties go to the overload stated first. */
function scoreOf(param: Param, type: ArgumentType, target: Type, neighbour: ArgumentType | undefined): number {
  if (type === target) return param === type ? 100 : 90;
  if (type !== 'unknown' && type !== 'null') return 1;
  if (target === neighbour) return 20;
  // A literal is a document only beside another, or where nothing else is asked for.
  if (target === 'json') return 0;
  return target === 'text' ? 10 : target === 'real' ? 5 : 2;
}
