import { clean } from './clean';

/** Return what versions are called in headings: `v2`, `v3` when all are versions of one name, else their refs. */
export function namesOf(refs: readonly string[]): string[] {
  const ends = refs.map(ref => ref.lastIndexOf(':'));
  const names = new Set(refs.map((ref, index) => ref.slice(0, Math.max(0, ends[index] ?? 0))));
  const isOne = names.size === 1 && !names.has('');
  return refs.map((ref, index) => clean(isOne ? ref.slice((ends[index] ?? 0) + 1) : ref));
}
