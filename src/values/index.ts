// The door of the values floor: types, the total order, keys and hashes, rows, casts, the border to the application.

export * from './types.js';
export * from './order.js';
export * from './key.js';
export * from './json.js';
export { geometryFromText, geometryText } from './geojson.js';
export * from './row.js';
export * from './border.js';
export * from './cast.js';
export { checkGeometry, checkPoint, freezeGeometry } from './geometry-check.js';
export { booleanFromText, formatReal, integerFromText, realFromText } from './literals.js';
export {
  DAY_MS,
  civilFromDays,
  daysFromCivil,
  formatDate,
  formatTimestamp,
  parseDate,
  parseTimestamp,
} from './datetime.js';
export { describe, quoted, typeName } from './describe.js';
export { allocateText, isWellFormed, textBuffer } from './text-buffer.js';
export type { TextBuffer } from './text-buffer.js';
