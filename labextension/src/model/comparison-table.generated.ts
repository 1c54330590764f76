/* Made from docs/spec/comparison-table.schema.json by `npm run types`. */

/**
 * A Python value as JSON, exactly. What JSON cannot say is an object with the two keys $ (a kind, such as float, int, tuple or dict) and v (its content): 1.0 is {"$": "float", "v": "1.0"}, because 1 is an integer.
 */
export type Plain = unknown;
/**
 * The name of content: BLAKE3-256, in hexadecimal.
 */
export type Digest = string;

/**
 * Several versions side by side, aspect by aspect: the rows that differ, and of what is equal the names. The order of the versions decides the order within each row, and nothing else. Writers write these fields and no others. Readers ignore fields that they do not know: later writers of this schema version may add some.
 */
export interface Many {
  /**
   * The version of this schema. It grows when a field is removed or means something else, not when one is added.
   */
  schema: 1;
  /**
   * The versions, in the order in which they were named.
   */
  versions: Side[];
  /**
   * What is held side by side; aspects of which no version has anything are left out.
   */
  aspects: Aspect[];
  /**
   * What could not be read, one sentence each.
   */
  problems: string[];
  /**
   * True when no aspect has a row: nothing differs.
   */
  is_empty: boolean;
}
/**
 * One of the versions.
 */
export interface Side {
  /**
   * The ref that always names this version, such as fraud:v47; of a live frame, what it is called; now for what a kernel and its notebook are at this moment.
   */
  ref: string;
  /**
   * When it was committed: UTC, such as 2026-03-03T14:00:00.000000Z.
   */
  created_at: string;
  /**
   * Who committed it, as the machine says; nobody has verified it.
   */
  author: string;
  /**
   * What the author wrote; empty for nothing.
   */
  message: string;
  /**
   * How long the execution took, in seconds.
   */
  duration: number;
  /**
   * The most memory that the process had while it ran, in bytes, as far as that was noticed; null: not known.
   */
  peak_memory: number | null;
  /**
   * What it took in seconds of one processor, child processes included; null: not known.
   */
  cpu_time: number | null;
  /**
   * True for a live frame, of a kernel or a file, of which nothing is kept: the document is then about this one frame.
   */
  is_live: boolean;
}
/**
 * One aspect.
 */
export interface Aspect {
  /**
   * Which aspect.
   */
  aspect: 'parameters' | 'metrics' | 'data' | 'models' | 'code' | 'outputs' | 'files' | 'packages' | 'machine';
  /**
   * What is not the same in all versions.
   */
  rows: Row[];
  /**
   * The names of what is the same in all versions.
   */
  equal: string[];
}
/**
 * One thing that is not the same in all versions.
 */
export interface Row {
  /**
   * Its name.
   */
  name: string;
  /**
   * What each version has of it, in the order of the versions.
   */
  had: Had[];
  /**
   * The role of data, or the model that a setting is of; empty for all else.
   */
  of: string;
  /**
   * Which way a metric improves; null for all else and where that is not known.
   */
  direction: 'higher' | 'lower' | null;
}
/**
 * What one version has of a thing.
 */
export interface Had {
  value: Plain;
  /**
   * Which content it is; null for what is no content.
   */
  digest: Digest | null;
  /**
   * Of a curve: how many values it has, the last of which is the value; null for all else.
   */
  steps: number | null;
  /**
   * True where no other version has a better value of this metric.
   */
  is_best: boolean;
  /**
   * False where the version has no such thing.
   */
  is_there: boolean;
}
