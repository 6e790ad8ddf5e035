// How many evicted keys a policy may remember. Ghosts are bounded in bytes by each policy's own rule; where weights
// differ much, or are zero, that would allow any number of them, and a ghost costs about 150 bytes of memory.

/** The greatest number of ghosts beside `held` entries. Beyond what any policy needs when weights are equal. */
export function ghostLimit(held: number): number {
  return 2 * held + 1024;
}
