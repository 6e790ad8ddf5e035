// What a conformance suite is made of: named functions over `node:assert`, so that any test runner can run them.

/**
 * One case. `run` throws (or rejects) when the implementation breaks the contract.
 *
 * @example
 * for (const { name, run } of storeConformance()) test(name, () => run(makeFixture));
 */
export interface Case<Fixture> {
  readonly name: string;
  run(make: () => Fixture): void | Promise<void>;
}
