// BEGIN, COMMIT, ROLLBACK and savepoints as statements: what each asks of the session.

import { LightningError, never } from '../../errors.js';
import type { BoundSessionStatement, BoundStatement } from '../../sql/bound.js';
import type { CachedStatement } from '../statement/plan-cache.js';
import type { Session } from './session.js';

const KINDS: ReadonlySet<string> = new Set<BoundSessionStatement['kind']>([
  'begin',
  'commit',
  'rollback',
  'savepoint',
  'release',
  'rollback-to',
]);

/** Whether a statement begins, ends or marks a transaction. */
export function isSessionStatement(tree: CachedStatement['tree']): boolean {
  return KINDS.has(tree.kind);
}

/** @throws LightningError IN_TRANSACTION, NO_TRANSACTION, UNKNOWN_SAVEPOINT, CONFLICT */
export function runSessionStatement(session: Session, bound: BoundStatement): void {
  switch (bound.kind) {
    case 'begin':
      return session.begin(bound);
    case 'commit':
      return session.commit();
    case 'rollback':
      return session.rollback();
    case 'savepoint':
      return session.savepoint(bound.name);
    case 'release':
      return session.release(bound.name);
    case 'rollback-to':
      return session.rollbackTo(bound.name);
    case 'query':
    case 'explain':
    case 'create-table':
    case 'create-index':
    case 'create-view':
    case 'alter-table':
    case 'rename-relation':
    case 'truncate':
    case 'drop':
    case 'analyze':
    case 'reindex':
      throw new LightningError('BUG', `${bound.kind} is no statement of the session`);
    default:
      return never(bound, 'statement');
  }
}
