// The parameters that a statement's text declares: their slots and names.

import type { Parameter as AstParameter } from '../../grammar/ast.js';
import type { GivenTypes } from '../plan/binding/parameters.js';
import { ParameterTypes } from '../plan/binding/parameters.js';
import type { Type } from '../values/types.js';

export class Parameters extends ParameterTypes {
  private named = false;
  private positional = false;

  /**
   * @param given types of the values at hand; they decide only what the text leaves open
   * @param fixed types that parameters have whatever their place: literals that were lifted out of the text
   */
  constructor(
    given: GivenTypes,
    private readonly fixed: (index: number) => Type | undefined = () => undefined,
  ) {
    super(given);
  }

  /** The parameter's slot; undefined when named and positional parameters are mixed. */
  index(parameter: AstParameter): number | undefined {
    if (parameter.style === 'name') {
      this.named = true;
      const known = this.names.indexOf(parameter.name);
      return this.positional ? undefined : this.declare(known >= 0 ? known : this.names.push(parameter.name) - 1);
    }
    this.positional = true;
    return this.named ? undefined : this.declare(parameter.index - 1);
  }

  private declare(index: number): number {
    while (this.decided.length <= index) this.decided.push(this.fixed(this.decided.length));
    return index;
  }

  get count(): number {
    return this.decided.length;
  }
}
