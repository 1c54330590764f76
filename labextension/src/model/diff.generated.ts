/* Made from docs/spec/diff.schema.json by `npm run types`. */

/**
 * What happened to one thing between a and b: added is in b only, removed in a only.
 */
export type Change = 'added' | 'removed' | 'changed' | 'unchanged';
/**
 * A Python value as JSON, exactly. What JSON cannot say is an object with the two keys $ (a kind, such as float, int, tuple or dict) and v (its content): 1.0 is {"$": "float", "v": "1.0"}, because 1 is an integer.
 */
export type Plain = unknown;
/**
 * The name of content: BLAKE3-256, in hexadecimal.
 */
export type Digest = string;
/**
 * What a figure was taken from: every row, rows drawn at random, or profiles with other bins or categories.
 */
export type Basis = 'exact' | 'sample' | 'estimated';

/**
 * How version b differs from version a, aspect by aspect. Everything is in it, unchanged parts too: what is folded away is a renderer's choice. Writers write these fields and no others. Readers ignore fields that they do not know: later writers of this schema version may add some.
 */
export interface Diff {
  /**
   * The version of this schema. It grows when a field is removed or means something else, not when one is added.
   */
  schema: 1;
  a: Side;
  b: Side;
  /**
   * The cells that ran, in b's order of execution; what only a has follows what it followed there.
   */
  code: Cell[];
  /**
   * The user's own imported modules, line by line.
   */
  modules: Stream[];
  /**
   * Parameters: settings that went in.
   */
  params: Value[];
  /**
   * Metrics: numbers that came out.
   */
  metrics: Metric[];
  /**
   * Inputs, outputs and files. One name that is an input here and an output there is two entries.
   */
  data: Data[];
  /**
   * Machine learning models.
   */
  models: Model[];
  /**
   * Displayed figures.
   */
  figures: Figure[];
  environment: Environment;
  /**
   * Printed text.
   */
  streams: Stream[];
  /**
   * What was read and written outside of the kernel and whose content no artifact has: direction and path as the name, a digest or what is known as the value.
   */
  files: Value[];
  /**
   * What may keep each side from reproducing: the code of the hint as the name, its text as the value.
   */
  hints: Value[];
  /**
   * Generators of random numbers, with the cells that drew from them and whether they were seeded, and the calls that set seeds, with these.
   */
  randomness: Value[];
  /**
   * What could not be read or compared, because.
   */
  problems: string[];
  /**
   * True when nothing differs in code (its order included), modules, params, metrics, data, models, figures, streams, displays, files, lazy things, packages and facts of the machine. Sides, repository, lineage, hints, randomness, warnings and redactions do not count.
   */
  is_empty: boolean;
  /**
   * What the cells showed, one row for each media type of a display.
   */
  displays: Display[];
  /**
   * What the tracked cells were warned of.
   */
  warnings: Warning[];
  /**
   * What is no data but a way to it (lazy frames, iterators, cursors, mapped arrays): role and variable as the name, the statement that made it, its query and what else is known of it as the value.
   */
  described: Value[];
  /**
   * What data came from: child and parent as the name, the function, how much of the parent is in the child and their rows as the value.
   */
  lineage: Value[];
  /**
   * Which secrets and columns were replaced, by place.
   */
  redactions: Redaction[];
  /**
   * Metrics step by step: training curves, what was logged. Their last values are among the metrics.
   */
  series: Series[];
  /**
   * Which cells the code is: slice for those that the versions rest on, all for every cell that ran in their kernels until then.
   */
  cells: 'slice' | 'all';
  /**
   * Where b is now: the cells of the notebook's file that have not run as they stand there. a is what ran, by its place in the kernel, b what the file has, by its place among the file's cells with code.
   */
  unrun: Cell[];
}
/**
 * One of the two versions.
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
 * One executed cell.
 */
export interface Cell {
  change: Change;
  /**
   * Its place in the order of execution of a, from 1; null where absent.
   */
  a_position: number | null;
  /**
   * Its place in the order of execution of b, from 1; null where absent.
   */
  b_position: number | null;
  /**
   * True for the cell that made the version.
   */
  is_tracked: boolean;
  /**
   * Its text, line by line; empty where a text could not be read.
   */
  lines: Line[];
  /**
   * True when it ran at another place among the cells that both versions have.
   */
  is_moved: boolean;
}
/**
 * One line of a text. Joined by newlines, the lines whose op is not - are b's text exactly, those whose op is not + are a's; no line at all is the empty text.
 */
export interface Line {
  /**
   * A space for a line of both, - for a line of a only, + for a line of b only.
   */
  op: ' ' | '-' | '+';
  /**
   * The line without its newline.
   */
  text: string;
  /**
   * Of a changed line that has a partner on the other side: its parts, which together are its text. Of one stretch of changed lines the first removed line with segments and the first added one are partners, and so on. Empty for all else.
   */
  segments: Segment[];
}
/**
 * A part of a changed line.
 */
export interface Segment {
  /**
   * Its text.
   */
  text: string;
  /**
   * True where the partner has something else in its place, or nothing. The parts that are not changed are the same in both, in order.
   */
  is_changed: boolean;
}
/**
 * What the cells printed.
 */
export interface Stream {
  /**
   * The stream's name: stdout or stderr.
   */
  name: string;
  change: Change;
  /**
   * Its text, line by line; empty where a text could not be read.
   */
  lines: Line[];
}
/**
 * A parameter, setting or fact.
 */
export interface Value {
  /**
   * Its name.
   */
  name: string;
  change: Change;
  a: Plain;
  b: Plain;
  /**
   * What the two values do not show, such as a change of type; empty for nothing.
   */
  note: string;
  /**
   * Of a model's setting: whether a's value is its class's default; null for all else and where absent.
   */
  a_is_default: boolean | null;
  /**
   * Of a model's setting: whether b's value is its class's default; null for all else and where absent.
   */
  b_is_default: boolean | null;
}
/**
 * A number that came out.
 */
export interface Metric {
  /**
   * Its name.
   */
  name: string;
  change: Change;
  a: Plain;
  b: Plain;
  /**
   * b - a; null where that is not a finite number.
   */
  delta: number | null;
  /**
   * delta / |a|; null where that is not a finite number.
   */
  relative: number | null;
  /**
   * Which way it improves; null where that is not known.
   */
  direction: 'higher' | 'lower' | null;
  /**
   * What the change means; within noise where the value of either version lies in the band of the other; null where the metric is on one side only, or its direction is not known.
   */
  outcome: 'better' | 'worse' | 'same' | 'within noise' | null;
  /**
   * What the values do not show, such as another function that measured; empty for nothing.
   */
  note: string;
  /**
   * The length of the curve in a; null where it is no curve.
   */
  a_steps: number | null;
  /**
   * The length of the curve in b; null where it is no curve.
   */
  b_steps: number | null;
  /**
   * How far it goes from run to run of a, as recorded repeats tell; null where too few are recorded.
   */
  a_band: RunBand | null;
  /**
   * How far it goes from run to run of b, as recorded repeats tell; null where too few are recorded.
   */
  b_band: RunBand | null;
}
/**
 * How far a metric goes when its version runs several times.
 */
export interface RunBand {
  /**
   * One more run would not be lower, 99 times in 100: mean - t s sqrt(1 + 1/n).
   */
  low: number;
  /**
   * Nor would it be higher: mean + t s sqrt(1 + 1/n).
   */
  high: number;
  /**
   * How many runs tell it, n.
   */
  runs: number;
}
/**
 * Data that went in or came out: a frame, an array, a value, a file.
 */
export interface Data {
  /**
   * What it is to its version: input, output or file.
   */
  role: string;
  /**
   * Its name.
   */
  name: string;
  change: Change;
  /**
   * What it is: frame, array, value, model, figure, opaque (a pickle), or unknown where its summary could not be read.
   */
  kind: string;
  /**
   * The digest of its content in a; null where absent.
   */
  a_digest: Digest | null;
  /**
   * The digest of its content in b; null where absent.
   */
  b_digest: Digest | null;
  /**
   * Its size in a, for people: rows of a frame, shape and dtype of an array, type of a value; empty where absent.
   */
  a_size: string;
  /**
   * Its size in b, for people: rows of a frame, shape and dtype of an array, type of a value; empty where absent.
   */
  b_size: string;
  /**
   * Of a frame: its rows in a; null for all else and where absent.
   */
  a_rows: number | null;
  /**
   * Of a frame: its rows in b; null for all else and where absent.
   */
  b_rows: number | null;
  /**
   * Of a frame: its columns, in b's order.
   */
  columns: Column[];
  /**
   * What the rest does not show, such as content that has another name now; empty for nothing.
   */
  note: string;
  /**
   * Of a frame: its index, column by column.
   */
  index: Column[];
  /**
   * What is shown of its content in a: a value's beginning as Python writes it, an array's range; empty for nothing.
   */
  a_text: string;
  /**
   * What is shown of its content in b: a value's beginning as Python writes it, an array's range; empty for nothing.
   */
  b_text: string;
  /**
   * Of a frame that both sides have: how its rows differ; null where nobody looked at rows.
   */
  rows: Rows | null;
}
/**
 * A column of a frame, or of its index.
 */
export interface Column {
  /**
   * Its name as people read it; a frame may have several columns of one name.
   */
  name: string;
  change: Change;
  /**
   * Its dtype in a as its library prints it; empty where absent.
   */
  a_dtype: string;
  /**
   * Its dtype in b as its library prints it; empty where absent.
   */
  b_dtype: string;
  /**
   * True when it stands at another place among the columns that both frames have.
   */
  is_moved: boolean;
  /**
   * What moved in its profile, where both sides have one.
   */
  statistics: Statistic[];
  /**
   * How its values lay then and lie now; null where it is equal, on one side only, or nothing is told of it.
   */
  distribution: Distribution | null;
  /**
   * Measures of how far its values moved, by name; empty where there is no distribution to hold side by side.
   */
  drift: Drift[];
}
/**
 * A statistic of a column that is another one in b.
 */
export interface Statistic {
  /**
   * null_share, distinct, low, high, mean, std, median, or most_frequent: a value and its share.
   */
  name: string;
  /**
   * As a's profile says it; empty where it does not.
   */
  a: string;
  /**
   * As b's profile says it; empty where it does not.
   */
  b: string;
}
/**
 * The values of a column on both sides, counted into the same bins or categories.
 */
export interface Distribution {
  /**
   * What each bin or category is called; empty where none is told.
   */
  labels: string[];
  /**
   * Of each label, the share of a's values.
   */
  a: number[];
  /**
   * Of each label, the share of b's values.
   */
  b: number[];
  /**
   * How many values a has there: without missing ones, NaN and infinities.
   */
  a_count: number;
  /**
   * How many values b has there: without missing ones, NaN and infinities.
   */
  b_count: number;
  basis: Basis;
  /**
   * How far a share may be off at most, of a sample in 999 of 1000 cases; 0 where it is exact.
   */
  error: number;
  /**
   * Of bins, their edges, one more than there are labels, in seconds for times; empty for categories.
   */
  edges: number[];
  /**
   * Quantiles side by side, as profiles write values.
   */
  quantiles: Quantile[];
  /**
   * Why there is no more of it; empty for nothing.
   */
  note: string;
}
/**
 * The value below which a share of the values lies.
 */
export interface Quantile {
  /**
   * The share, from 0 to 1.
   */
  at: number;
  /**
   * The value in a; empty where it is not told.
   */
  a: string;
  /**
   * The value in b; empty where it is not told.
   */
  b: string;
}
/**
 * One measure of how far a column moved.
 */
export interface Drift {
  /**
   * population_stability_index, kolmogorov_smirnov, jensen_shannon (a distance, with logarithms to base 2), null_rate_change, nan_rate_change, new_category_rate or vanished_category_rate.
   */
  name: string;
  /**
   * What it says.
   */
  value: number;
  /**
   * The word for it, by documented thresholds; what is not above chance is no shift.
   */
  shift: 'none' | 'slight' | 'strong';
  basis: Basis;
  /**
   * What two samples of one distribution, as large as these, exceed once in a hundred times; null where that is not known.
   */
  chance: number | null;
  /**
   * The least that the exact value can be; null where that is not known.
   */
  low: number | null;
  /**
   * The most that the exact value can be; null where that is not known.
   */
  high: number | null;
}
/**
 * How the rows of a frame differ. a has removed + changed + unchanged rows, b has added + changed + unchanged.
 */
export interface Rows {
  /**
   * How a row of a is known in b: by the values of its key, or by its place among rows of equal content.
   */
  matched_by: 'key' | 'position';
  /**
   * Rows in b only.
   */
  added: number;
  /**
   * Rows in a only.
   */
  removed: number;
  /**
   * Rows in both, with another cell in a column that both have.
   */
  changed: number;
  /**
   * Rows in both that stand in another order there, whether changed or not.
   */
  moved: number;
  /**
   * Rows in both whose cells are all the same.
   */
  unchanged: number;
  /**
   * The columns with changed cells, and those that were retyped or renamed.
   */
  columns: ChangedColumn[];
  /**
   * The first rows of each kind.
   */
  examples: RowChange[];
  /**
   * Of how many pieces the columns of both frames consist.
   */
  chunks: number;
  /**
   * How many of these pieces were read.
   */
  chunks_read: number;
  /**
   * The columns by which rows are known; none where they are matched by position.
   */
  key: string[];
  /**
   * True when somebody named the key; false when it was found, or there is none.
   */
  is_key_given: boolean;
  /**
   * What the numbers do not say, such as keys that stand several times; empty for nothing.
   */
  note: string;
}
/**
 * A column whose cells changed, or which was retyped or renamed.
 */
export interface ChangedColumn {
  /**
   * Its name in b.
   */
  name: string;
  /**
   * How many of its cells changed, in the rows of both sides.
   */
  cells: number;
  /**
   * What it was called in a, where that differs; empty where not.
   */
  a_name: string;
  /**
   * True when its dtype changed; its values were compared as such.
   */
  is_retyped: boolean;
}
/**
 * A row that is not what it was.
 */
export interface RowChange {
  /**
   * What happened to it; moved: the same cells at another place among the rows of both.
   */
  op: 'added' | 'removed' | 'changed' | 'moved';
  /**
   * Its place in a, from 0; null where a has it not.
   */
  a_row: number | null;
  /**
   * Its place in b, from 0; null where b has it not.
   */
  b_row: number | null;
  /**
   * The texts of the key's columns; none where rows are matched by position.
   */
  key: string[];
  /**
   * The cells that changed; of an added or removed row its first 40.
   */
  cells: CellChange[];
  /**
   * True when it also stands at another place among the rows of both.
   */
  is_moved: boolean;
}
/**
 * A cell on both sides, as text.
 */
export interface CellChange {
  /**
   * The name of its column.
   */
  column: string;
  /**
   * Its text in a; null where a has not the row.
   */
  a: string | null;
  /**
   * Its text in b; null where b has not the row.
   */
  b: string | null;
}
/**
 * A user's machine learning model.
 */
export interface Model {
  /**
   * Its name.
   */
  name: string;
  change: Change;
  /**
   * Its class in a; empty where absent.
   */
  a_type: string;
  /**
   * Its class in b; empty where absent.
   */
  b_type: string;
  /**
   * Its settings, all of them, by deep name such as clf__C.
   */
  settings: Value[];
  /**
   * A few named facts of what it learned, such as n_features or classes.
   */
  learned: Value[];
  /**
   * Its library, the library's version, and whether it is fitted.
   */
  facts: Value[];
  /**
   * What the rest does not show; empty for nothing.
   */
  note: string;
  /**
   * The numbers that it learned, kind by kind, as far as loading it runs no code.
   */
  weights: Weights[];
  /**
   * What both say of evaluation data: one entry for each, of several outputs one for each of them.
   */
  predictions: Prediction[];
}
/**
 * Learned numbers of one kind.
 */
export interface Weights {
  /**
   * What they are.
   */
  kind: 'coefficients' | 'intercepts' | 'importances' | 'trees' | 'layers' | 'centres';
  /**
   * The step or member of the model that learned them; empty for the model itself.
   */
  part: string;
  /**
   * How many there are.
   */
  total: number;
  /**
   * How many of them differ.
   */
  differing: number;
  /**
   * Those that differ, the largest change first, as many as are told.
   */
  rows: Weight[];
  /**
   * What else is to be known; empty for nothing.
   */
  note: string;
}
/**
 * One learned number, or one array of them.
 */
export interface Weight {
  /**
   * A feature, a layer, a centre, with the label where there are several.
   */
  name: string;
  /**
   * The number in a, of an array its Euclidean norm; null where absent or not finite.
   */
  a: number | null;
  /**
   * The number in b, of an array its Euclidean norm; null where absent or not finite.
   */
  b: number | null;
  /**
   * |b - a|, of arrays the norm of the difference; null where that cannot be said.
   */
  apart: number | null;
  /**
   * apart / |a|; null where that is not a finite number.
   */
  relative: number | null;
  /**
   * What the numbers do not show, such as another shape; empty for nothing.
   */
  note: string;
}
/**
 * What both models say of one piece of evaluation data.
 */
export interface Prediction {
  /**
   * The data, as the cells name them.
   */
  data: string;
  /**
   * Whose they are: both (the same data), common (the rows that both have), a or b.
   */
  on: 'both' | 'common' | 'a' | 'b';
  digest: Digest;
  /**
   * How many rows they have.
   */
  total: number;
  /**
   * How many of them were predicted.
   */
  rows: number;
  /**
   * Which of several outputs this is, from 1; null for a model of one.
   */
  output: number | null;
  /**
   * What the predictions are held against, as the cells name it; empty where that is not known.
   */
  truth: string;
  /**
   * What classifiers say; null otherwise.
   */
  labels: Labels | null;
  /**
   * What regressors say; null otherwise.
   */
  numbers: Numbers | null;
  /**
   * Scores by label, those that moved most first.
   */
  scores: Score[];
  /**
   * Where in the data the models are furthest apart.
   */
  slices: Slice[];
  /**
   * The fewest rows that make a slice; 0 where none were looked for.
   */
  slice_rows: number;
  /**
   * What else is to be known; with neither labels nor numbers, why nothing was predicted.
   */
  note: string;
}
/**
 * What two classifiers say.
 */
export interface Labels {
  /**
   * How many rows.
   */
  rows: number;
  /**
   * Of how many b says another label.
   */
  flipped: number;
  /**
   * flipped / rows, 0 of no rows.
   */
  share: number;
  /**
   * The first of them.
   */
  flips: Flip[];
  /**
   * How many rows each pair of labels has, the pairs that differ first, each by rows.
   */
  agreement: Agreement[];
  /**
   * How many pairs are not told.
   */
  more: number;
  /**
   * Labels that a knows and b does not.
   */
  a_only: string[];
  /**
   * Labels that b knows and a does not.
   */
  b_only: string[];
  /**
   * The share of rows that a has right; null where the truth is not known.
   */
  a_accuracy: number | null;
  /**
   * The share of rows that b has right; null where the truth is not known.
   */
  b_accuracy: number | null;
  /**
   * Rows that a has wrong and b right; null where the truth is not known.
   */
  mended: number | null;
  /**
   * Rows that a has right and b wrong; null where the truth is not known.
   */
  broken: number | null;
  /**
   * The calibration of a; null without probabilities or truth.
   */
  a_calibration: Calibration | null;
  /**
   * The calibration of b; null without probabilities or truth.
   */
  b_calibration: Calibration | null;
}
/**
 * A row of which b says another label.
 */
export interface Flip {
  /**
   * Its place in the evaluation data, from 0.
   */
  row: number;
  /**
   * What a says.
   */
  a: string;
  /**
   * What b says.
   */
  b: string;
  /**
   * What is true; null where that is not known.
   */
  truth: string | null;
  /**
   * The probability that a gives to its label; null where it gives none.
   */
  a_score: number | null;
  /**
   * The probability that b gives to its label; null where it gives none.
   */
  b_score: number | null;
}
/**
 * Rows of which a says one label, and b another or the same.
 */
export interface Agreement {
  /**
   * What a says.
   */
  a: string;
  /**
   * What b says.
   */
  b: string;
  /**
   * How many rows.
   */
  rows: number;
}
/**
 * Whether the scores of a model are what they say.
 */
export interface Calibration {
  /**
   * The label whose probability is meant; empty: the probability of whichever label is said.
   */
  of: string;
  /**
   * How many rows have a score and a truth.
   */
  rows: number;
  /**
   * The expected calibration error: the mean over the bins of |score - share|, weighted by rows.
   */
  error: number;
  /**
   * The bins that have rows, in order.
   */
  bins: ReliabilityBin[];
}
/**
 * Rows whose scores lie above one edge and up to another.
 */
export interface ReliabilityBin {
  /**
   * The lower edge.
   */
  low: number;
  /**
   * The upper edge.
   */
  high: number;
  /**
   * How many rows, at least one.
   */
  rows: number;
  /**
   * Their mean score.
   */
  score: number;
  /**
   * The share of them for which it came true.
   */
  share: number;
}
/**
 * What two regressors say.
 */
export interface Numbers {
  /**
   * How many rows.
   */
  rows: number;
  /**
   * Of how many b predicts another number.
   */
  moved: number;
  /**
   * The mean of |b - a| over all rows; null where that cannot be said.
   */
  apart: number | null;
  shift: Spread;
  shifts: Histogram;
  /**
   * The rows that moved most.
   */
  most: MovedRow[];
  /**
   * The residuals of a; null where the truth is not known.
   */
  a_residuals: Residuals | null;
  /**
   * The residuals of b; null where the truth is not known.
   */
  b_residuals: Residuals | null;
}
/**
 * How numbers are spread.
 */
export interface Spread {
  /**
   * How many finite numbers there are.
   */
  count: number;
  /**
   * How many are not finite; they count in nothing else.
   */
  unsaid: number;
  /**
   * Their mean; null where there are none.
   */
  mean: number | null;
  /**
   * Their standard deviation, over all of them; null where there are none.
   */
  std: number | null;
  /**
   * The lowest; null where there are none.
   */
  low: number | null;
  /**
   * The first quartile; null where there are none.
   */
  q25: number | null;
  /**
   * The median; null where there are none.
   */
  median: number | null;
  /**
   * The third quartile; null where there are none.
   */
  q75: number | null;
  /**
   * The highest; null where there are none.
   */
  high: number | null;
}
/**
 * How many numbers lie between each edge and the next, the last edge included.
 */
export interface Histogram {
  /**
   * The edges, one more than there are counts, or none of both.
   */
  edges: number[];
  /**
   * The counts of a.
   */
  a: number[];
  /**
   * The counts of b.
   */
  b: number[];
}
/**
 * A row of which b predicts another number.
 */
export interface MovedRow {
  /**
   * Its place in the evaluation data, from 0.
   */
  row: number;
  /**
   * What a predicts; null where that is no finite number.
   */
  a: number | null;
  /**
   * What b predicts; null where that is no finite number.
   */
  b: number | null;
  /**
   * What is true; null where that is not known.
   */
  truth: number | null;
}
/**
 * What is true without what was predicted.
 */
export interface Residuals {
  /**
   * The root of the mean of their squares; null where there are none.
   */
  rmse: number | null;
  /**
   * The mean of their sizes; null where there are none.
   */
  mae: number | null;
  spread: Spread;
}
/**
 * The scores of one label, or the predictions of a regression.
 */
export interface Score {
  /**
   * What they are: the probability of the label, the margin on its side of the border, or the prediction itself.
   */
  kind: 'probability' | 'margin' | 'prediction';
  /**
   * The label; empty where there are none.
   */
  label: string;
  a: Spread;
  b: Spread;
  histogram: Histogram;
  /**
   * The population stability index; null where it cannot be said.
   */
  psi: number | null;
  /**
   * The Kolmogorov-Smirnov distance; null where it cannot be said.
   */
  ks: number | null;
  /**
   * The Jensen-Shannon distance; null where it cannot be said.
   */
  js: number | null;
}
/**
 * The rows of one value, or of one range of values, of a column.
 */
export interface Slice {
  /**
   * The column.
   */
  column: string;
  /**
   * The value, or the range.
   */
  value: string;
  /**
   * How many rows.
   */
  rows: number;
  /**
   * The share of flipped labels, or the mean of |b - a|.
   */
  apart: number;
  /**
   * a's accuracy, or the root of its mean squared residual; null where the truth is not known.
   */
  a_quality: number | null;
  /**
   * b's accuracy, or the root of its mean squared residual; null where the truth is not known.
   */
  b_quality: number | null;
}
/**
 * A figure that was shown. change compares fingerprints, so it can be unchanged while the stored pictures have two digests.
 */
export interface Figure {
  /**
   * Its name.
   */
  name: string;
  change: Change;
  /**
   * The digest that names the stored picture in a; null where absent.
   */
  a_digest: Digest | null;
  /**
   * The digest that names the stored picture in b; null where absent.
   */
  b_digest: Digest | null;
  /**
   * Width and height in pixels in a; empty where not known.
   */
  a_size: string;
  /**
   * Width and height in pixels in b; empty where not known.
   */
  b_size: string;
  /**
   * The picture's media type in a, such as image/png; empty where not known.
   */
  a_media_type: string;
  /**
   * The picture's media type in b, such as image/png; empty where not known.
   */
  b_media_type: string;
  /**
   * How alike the pictures are; null where they are equal, on one side only, or nobody looked.
   */
  likeness: Likeness | null;
}
/**
 * How alike two pictures are to the eye.
 */
export interface Likeness {
  /**
   * The same pixels, hardly another picture, or another one; null where a picture could not be read.
   */
  alike: 'same' | 'nearly' | 'another' | null;
  /**
   * How many of the 256 bits of their perceptual hashes differ; null where a picture could not be read.
   */
  distance: number | null;
  /**
   * The share of pixels that differ; null for pictures of two sizes.
   */
  share: number | null;
  /**
   * Why nothing is said; empty for nothing.
   */
  note: string;
}
/**
 * The world in which the versions were made.
 */
export interface Environment {
  /**
   * Facts of the machine: python, implementation, platform, machine, processor, cpus. Where an environment could not be read, one fact called environment, whose value is its digest.
   */
  facts: Value[];
  /**
   * Facts of the repository: commit, branch, is_dirty, changed (paths), problem (why the rest is empty).
   */
  git: Value[];
  /**
   * Every installed distribution, by name.
   */
  packages: Package[];
  /**
   * Thread pools of libraries that one side had loaded and the other had not, added or removed. They do not count as differences.
   */
  loaded: Value[];
}
/**
 * An installed distribution.
 */
export interface Package {
  /**
   * Its name, normalised: lower case, with - for every run of -, _ and dots.
   */
  name: string;
  change: Change;
  /**
   * Its version in a; empty where absent.
   */
  a: string;
  /**
   * Its version in b; empty where absent.
   */
  b: string;
  /**
   * True when the cells of either version import it. Such packages come first.
   */
  is_imported: boolean;
  /**
   * True when what the cells import requires it, at any remove, as far as what is installed where the two are compared tells.
   */
  is_needed: boolean;
}
/**
 * One media type of a display.
 */
export interface Display {
  /**
   * The display's place and the end of a file of this media type, such as display-2.html.
   */
  name: string;
  change: Change;
  /**
   * The media type, such as text/html; empty where it could not be read.
   */
  media_type: string;
  /**
   * Names what a showed; null where it showed nothing.
   */
  a_digest: Digest | null;
  /**
   * Names what b showed; null where it showed nothing.
   */
  b_digest: Digest | null;
  /**
   * Its text, line by line; empty where it is no text, or too much of it.
   */
  lines: Line[];
}
/**
 * A warning that was shown.
 */
export interface Warning {
  /**
   * Its class.
   */
  category: string;
  /**
   * What it said; empty where only code of the user's could say it.
   */
  message: string;
  /**
   * this cell, an earlier one such as In [3], or a file.
   */
  place: string;
  change: Change;
  /**
   * How often it came in a.
   */
  a_times: number;
  /**
   * How often it came in b.
   */
  b_times: number;
}
/**
 * What a rule replaced in one place: how often on each side.
 */
export interface Redaction {
  /**
   * Where it stood: cell 2, stream stdout, output df.
   */
  place: string;
  /**
   * The column of a frame that was hidden, empty for a secret.
   */
  column: string;
  /**
   * By what it was found.
   */
  rule: string;
  change: Change;
  /**
   * How often it was replaced in a.
   */
  a_times: number;
  /**
   * How often it was replaced in b.
   */
  b_times: number;
  /**
   * Whether the same values stood there, as far as marks tell.
   */
  note: string;
}
/**
 * The values of a metric, step by step.
 */
export interface Series {
  /**
   * Its name, that of the metric.
   */
  name: string;
  change: Change;
  /**
   * Its course in a; null where absent, unchanged or not read.
   */
  a: Course | null;
  /**
   * Its course in b; null where absent, unchanged or not read.
   */
  b: Course | null;
  /**
   * Why there is no course; empty for nothing.
   */
  note: string;
}
/**
 * Some values of a series, evenly, the first and the last among them.
 */
export interface Course {
  /**
   * How many values there are in all.
   */
  count: number;
  /**
   * The steps of those that are told.
   */
  steps: number[];
  /**
   * Their values; null for one that is not finite.
   */
  values: (number | null)[];
}
