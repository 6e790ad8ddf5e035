// Syntax trees for people and for comparison: without positions; as nested text, or as plain values.

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

const POSITIONS = new Set(['offset', 'length', 'operatorOffset', 'queryText']);

/** The tree without positions and source text, comparable with `toEqual`. */
export function withoutPositions(node: unknown): Plain {
  if (typeof node === 'bigint') return `${node}n`;
  if (node instanceof Uint8Array) return `x'${Buffer.from(node).toString('hex')}'`;
  if (Array.isArray(node)) return node.map(withoutPositions);
  if (typeof node === 'object' && node !== null) {
    const plain: { [key: string]: Plain } = {};
    const isNumber = 'kind' in node && node.kind === 'number';
    for (const [key, value] of Object.entries(node)) {
      // A statement's `text` is its source; a name's and a number's is what they are.
      if (POSITIONS.has(key) || (key === 'text' && 'kind' in node && !isNumber)) continue;
      if (value !== undefined) plain[key] = withoutPositions(value);
    }
    return plain;
  }
  return node as Plain;
}

/** One line for each node: `kind key=value`, children indented below. Empty lists and `false` are left out. */
export function compact(node: unknown, indent = ''): string {
  const plain = withoutPositions(node);
  const lines: string[] = [];
  draw(plain, '', indent, lines);
  return lines.join('\n');
}

function isName(value: Plain): value is { text: string; quoted: boolean } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'quoted' in value;
}

function leaf(value: Plain): string | undefined {
  if (isName(value)) return value.quoted ? `"${value.text}"` : value.text;
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : String(value);
  if (Array.isArray(value) && value.every((item) => leaf(item) !== undefined)) return `(${value.map(leaf).join(' ')})`;
  return undefined;
}

function draw(node: Plain, label: string, indent: string, lines: string[]): void {
  if (node === null || typeof node !== 'object' || Array.isArray(node)) {
    lines.push(`${indent}${label}${leaf(node) ?? ''}`);
    return;
  }
  const words: string[] = [];
  const children: [string, Plain][] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'kind') words.unshift(String(value));
    else if (value === false || (Array.isArray(value) && value.length === 0)) continue;
    else {
      const short = leaf(value);
      if (short !== undefined) words.push(`${key}=${short}`);
      else if (Array.isArray(value)) value.forEach((item) => children.push([`${key}: `, item]));
      else children.push([`${key}: `, value]);
    }
  }
  lines.push(`${indent}${label}${words.join(' ')}`);
  for (const [key, child] of children) draw(child, key, `${indent}  `, lines);
}
