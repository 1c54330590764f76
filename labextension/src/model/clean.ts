/** What texts of strangers may look like: no megabyte, no reordering, nothing unseen. As `mvlake/view/clean.py` does it for pages. */
export const LINE = 300;
export const PROSE = 2000;

// Control and format characters (bidirectional overrides, zero width, tags), lone surrogates, separators of lines; but not the two joiners
// that Persian and Hindi are written with.
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Return a text of one line in which everything can be seen. */
export function clean(text: string, limit = LINE): string {
  const shown = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return shown.replace(UNSEEN, escaped);
}

/** Return a line of code or of printed text, whose tabs stay. */
export function cleanLine(text: string): string {
  return clean(text.replaceAll('\t', '    '), PROSE);
}

function escaped(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const digits = point.toString(16);
  return point < 0x100
    ? `\\x${digits.padStart(2, '0')}`
    : point < 0x10000
      ? `\\u${digits.padStart(4, '0')}`
      : `\\U${digits.padStart(8, '0')}`;
}
