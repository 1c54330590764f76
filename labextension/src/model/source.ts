import type { ISignal } from '@lumino/signaling';
import type { Asker } from './asker';

/** A version that may be chosen to be compared. */
export interface Choice {
  readonly ref: string;
  readonly created_at: string;
  readonly message: string;
  readonly labels: readonly string[];
}

/** Where a comparison is: in a kernel, or in a notebook that was saved. Its document is unread yet. */
export interface Source {
  readonly document: unknown;
  readonly choices: readonly Choice[];
  /** Why the last comparison that was asked for could not be made; empty when it could. */
  readonly problem: string;
  /** The bytes of a PNG picture that the document names. */
  picture(digest: string): ArrayBufferView<ArrayBuffer> | undefined;
  /** Emitted when any of the above has changed. */
  readonly changed: ISignal<Source, void>;
  /** Null where there is no kernel to be asked. */
  readonly asker: Asker | null;
}

/** Return the choices among what a kernel says they are. */
export function readChoices(value: unknown): Choice[] {
  return Array.isArray(value) ? value.filter(isChoice) : [];
}

function isChoice(value: unknown): value is Choice {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { ref, created_at, message, labels } = value as Record<string, unknown>;
  return (
    [ref, created_at, message].every(one => typeof one === 'string') &&
    Array.isArray(labels) &&
    labels.every(one => typeof one === 'string')
  );
}
