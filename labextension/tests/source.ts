import { Signal } from '@lumino/signaling';
import { KernelAsker } from '../src/model/kernel-asker';
import type { Choice, Source } from '../src/model/source';

/** A kernel's side of a comparison: what was sent to it, and what it answers. */
export class Kernel implements Source {
  readonly sent: Record<string, unknown>[] = [];
  readonly asker = new KernelAsker(content => this.sent.push(content));
  readonly changed: Signal<Source, void> = new Signal<Source, void>(this);
  choices: readonly Choice[] = [];
  problem = '';
  pictures: Record<string, Uint8Array<ArrayBuffer>> = {};

  constructor(public document: unknown) {}

  picture(digest: string): Uint8Array<ArrayBuffer> | undefined {
    return Object.hasOwn(this.pictures, digest) ? this.pictures[digest] : undefined;
  }

  /** Answer the last question. */
  async answer(content: Record<string, unknown>): Promise<void> {
    this.asker.take({ id: this.sent.at(-1)?.id, ...content });
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }
}
