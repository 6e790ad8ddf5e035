// JSON documents made of values of any type, as PostgreSQL's functions make them.

import { LightningError } from '../../errors.js';
import { canonicalJson } from '../../values/json.js';
import type { Type } from '../../values/types.js';
import type { EvaluateCall, FunctionEntry, OverloadOptions } from './contract.js';
import { aliases, byTypes } from './contract.js';
import { jsonOf, memberName } from './to-json.js';

function toJson([type]: readonly Type[]): EvaluateCall {
  return (value) => (value === null ? null : canonicalJson(jsonOf(value!, type!)));
}

/** An array of all arguments. */
function buildArray(types: readonly Type[]): EvaluateCall {
  return (...values) => canonicalJson(values.map((value, i) => jsonOf(value, types[i]!)));
}

/** An object of names and values in turn; of equal names the last one counts. */
function buildObject(types: readonly Type[]): EvaluateCall {
  return (...values) => {
    if (values.length % 2 > 0) {
      throw new LightningError('INVALID_VALUE', 'a JSON object is built of names and values in turn', {
        hint: 'give an even number of arguments',
      });
    }
    const members: [string, unknown][] = [];
    for (let i = 0; i < values.length; i += 2) {
      members.push([memberName(values[i]!, types[i]!), jsonOf(values[i + 1]!, types[i + 1]!)]);
    }
    return canonicalJson(Object.fromEntries(members));
  };
}

/** A document may become nested too deeply. */
const raises: Pick<OverloadOptions, 'canRaise'> = { canRaise: true };

export const jsonBuilding: readonly FunctionEntry[] = [
  ...aliases(['to_json', 'to_jsonb'], byTypes(['any'], undefined, 'json', toJson, raises)),
  ...aliases(['json_build_array', 'jsonb_build_array'], byTypes([], 'any', 'json', buildArray, raises)),
  ...aliases(['json_build_object', 'jsonb_build_object'], byTypes([], 'any', 'json', buildObject, raises)),
];
