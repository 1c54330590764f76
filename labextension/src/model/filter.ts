import type { Block, Row, Section } from './blocks';

/** What is left out of a comparison that is looked at. */
export interface Filter {
  readonly onlyDifferences: boolean;
  /** Words that are looked for in names and values, as lower case. */
  readonly search: string;
}

/** Return the sections with what fits alone, and without those of which nothing is left. */
export function filtered(sections: readonly Section[], filter: Filter): Section[] {
  return sections
    .map(section => {
      // Who looks for "metrics" wants all of them.
      const rest = has(section.title, filter.search) ? { ...filter, search: '' } : filter;
      return { ...section, blocks: section.blocks.map(block => fitting(block, rest)).filter(block => block !== undefined) };
    })
    .filter(section => section.blocks.length > 0);
}

/** Return how many things there are: rows of tables, texts, pictures, charts. */
export function count(sections: readonly Section[]): number {
  return sections.reduce((sum, section) => sum + section.blocks.reduce((one, block) => one + countIn(block), 0), 0);
}

function countIn(block: Block): number {
  switch (block.kind) {
    case 'table':
      return block.rows.length;
    case 'choose':
      return block.options.length;
    default:
      return 1;
  }
}

function fitting(block: Block, filter: Filter): Block | undefined {
  switch (block.kind) {
    case 'table': {
      const isNamed = has(block.caption, filter.search);
      const rows = block.rows.filter(row => isWanted(row.change, filter) && (isNamed || isFound(row, filter.search)));
      return rows.length > 0 ? { ...block, rows } : undefined;
    }
    case 'choose': {
      const options = block.options.filter(
        option => has(option.name, filter.search) || option.blocks.some(one => fitting(one, filter) !== undefined)
      );
      return isWanted(block.change, filter) && options.length > 0 ? { ...block, options } : undefined;
    }
    default:
      return isWanted(block.change, filter) && texts(block).some(text => has(text, filter.search)) ? block : undefined;
  }
}

function texts(block: Exclude<Block, { kind: 'table' | 'choose' }>): string[] {
  switch (block.kind) {
    case 'lines':
      return [block.title, ...block.lines.map(line => line.text)];
    case 'chart':
      return [block.title, ...block.points.map(point => point.label)];
    case 'rows':
      return [
        block.title,
        ...(block.data.rows?.examples ?? []).flatMap(row => [
          ...row.key,
          ...row.cells.flatMap(cell => [cell.column, cell.a ?? '', cell.b ?? ''])
        ])
      ];
    case 'pictures':
      return [block.title, block.note];
    case 'text':
      return [block.text];
  }
}

function isFound(row: Row, search: string): boolean {
  return search === '' || row.cells.some(cell => has(cell.text, search));
}

function isWanted(change: string, filter: Filter): boolean {
  return !filter.onlyDifferences || change !== 'unchanged';
}

function has(text: string, search: string): boolean {
  return search === '' || text.toLowerCase().includes(search);
}
