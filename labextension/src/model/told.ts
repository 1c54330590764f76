import type { Section } from './blocks';
import { clean } from './clean';
import type { Many } from './comparison-table.generated';
import type { Diff, Side } from './diff.generated';
import { aspectSections } from './many';
import { namesOf } from './names';
import { conforms, conformsToTable } from './schema';
import { sectionsOf } from './sections';

/** What a document tells, of two versions or of more. */
export interface Told {
  readonly refs: readonly string[];
  readonly title: string;
  /** What is said of the versions, a line each. */
  readonly about: readonly string[];
  readonly problems: readonly string[];
  readonly sections: readonly Section[];
}

/** Return what a document tells; undefined where it is none that can be read. */
export function toldOf(document: unknown): Told | undefined {
  return conforms<Diff>(document, 'Diff') ? ofTwo(document) : conformsToTable<Many>(document) ? ofMany(document) : undefined;
}

function ofTwo(diff: Diff): Told {
  const { a, b, problems } = diff;
  return {
    refs: [a.ref, b.ref],
    title: `${clean(a.ref)} → ${clean(b.ref)}`,
    about: [`${about(a)} → ${about(b)}`],
    problems,
    sections: sectionsOf(diff)
  };
}

function ofMany(many: Many): Told {
  const refs = many.versions.map(one => one.ref);
  const names = namesOf(refs);
  return {
    refs,
    title: `${many.versions.length} versions side by side`,
    about: many.versions.map((one, index) => `${names[index] ?? ''}: ${about(one)}`),
    problems: many.problems,
    sections: aspectSections(many)
  };
}

function about({ created_at, author, message }: Pick<Side, 'created_at' | 'author' | 'message'>): string {
  const when = clean(created_at.slice(0, 16).replace('T', ' '));
  return [clean(message.split('\n', 1)[0] ?? ''), when, clean(author)].filter(text => text !== '').join(', ');
}
