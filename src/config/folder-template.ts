import { nearestName } from './nearest-name.ts';

/** Whether the names of folders and files follow the host's time zone or UTC. */
export type TimeZone = 'local' | 'utc';

/** A sub-folder of the archive is at most this long, and its parts at most this many. */
const LONGEST_FOLDER = 200;
const MOST_FOLDER_PARTS = 8;
/** The bound of a name on Linux and most file systems. */
const LONGEST_PART_BYTES = 255;

type Placeholder = 'yyyy' | 'mm' | 'dd' | 'hh' | 'mi' | 'ss';
const PLACEHOLDERS: readonly Placeholder[] = ['yyyy', 'mm', 'dd', 'hh', 'mi', 'ss'];

/** A checked template; empty for no sub-folder. */
export interface FolderTemplate {
  readonly pieces: readonly FolderPiece[];
}

type FolderPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'time'; readonly placeholder: Placeholder };

/** The date and time of day as padded digits. */
export type TimeFields = Readonly<Record<Placeholder, string>>;

/**
 * Reads a template such as `{yyyy}-{mm}-{dd}` or `{yyyy}/{mm}`.
 * @returns what is wrong with it as text, or the template.
 */
export function parseFolderTemplate(text: string): FolderTemplate | { readonly problem: string } {
  const pieces: FolderPiece[] = [];
  for (const [whole, name] of text.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    if (name === undefined) {
      if (whole === '{' || whole === '}') return { problem: 'a lone brace' };
      pieces.push({ kind: 'text', text: whole });
      continue;
    }
    const placeholder = PLACEHOLDERS.find((known) => known === name);
    if (placeholder === undefined) return { problem: unknownPlaceholder(name) };
    pieces.push({ kind: 'time', placeholder });
  }
  const example = expandFolder({ pieces }, timeFields(0, 'utc'));
  const problem = example === '' ? undefined : folderProblem(example);
  return problem === undefined ? { pieces } : { problem };
}

/** The sub-folder for a moment, with `/` between its parts; empty for none. */
export function expandFolder(template: FolderTemplate, time: TimeFields): string {
  return template.pieces
    .map((piece) => (piece.kind === 'text' ? piece.text : time[piece.placeholder]))
    .join('');
}

/** Splits a moment, in ms since the Unix epoch, into padded digits. */
export function timeFields(wallMs: number, zone: TimeZone): TimeFields {
  const date = new Date(wallMs);
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  return zone === 'utc'
    ? {
        yyyy: pad(date.getUTCFullYear(), 4),
        mm: pad(date.getUTCMonth() + 1),
        dd: pad(date.getUTCDate()),
        hh: pad(date.getUTCHours()),
        mi: pad(date.getUTCMinutes()),
        ss: pad(date.getUTCSeconds()),
      }
    : {
        yyyy: pad(date.getFullYear(), 4),
        mm: pad(date.getMonth() + 1),
        dd: pad(date.getDate()),
        hh: pad(date.getHours()),
        mi: pad(date.getMinutes()),
        ss: pad(date.getSeconds()),
      };
}

/**
 * Why a sub-folder may not be used: it must stay below its camera's folder on every file system, so its parts are
 * plain names divided by `/`.
 */
export function folderProblem(folder: string): string | undefined {
  if (folder.length > LONGEST_FOLDER) return `longer than ${LONGEST_FOLDER} characters`;
  const parts = folder.split('/');
  if (parts.length > MOST_FOLDER_PARTS) return `more than ${MOST_FOLDER_PARTS} parts`;
  if (parts[0] === '') return folder === '' ? 'an empty name' : 'an absolute path';
  if (parts.includes('')) return 'an empty part';
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_PART_BYTES)) {
    return `a part longer than ${LONGEST_PART_BYTES} bytes`;
  }
  if (parts.some((part) => part.startsWith('.'))) return 'a part that begins with a dot';
  if (parts.some((part) => /[. ]$|^ /.test(part)))
    return 'a part that begins or ends with a space, or ends with a dot';
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(folder)) return 'a control character';
  if (/[\\:*?"<>|]/.test(folder)) return 'one of \\ : * ? " < > |';
  return undefined;
}

function unknownPlaceholder(name: string): string {
  const near = nearestName(name, PLACEHOLDERS);
  const hint = near === undefined ? '' : `, did you mean {${near}}?`;
  const known = PLACEHOLDERS.map((placeholder) => `{${placeholder}}`).join(' ');
  return `an unknown placeholder {${name.slice(0, 40)}}${hint} (known: ${known})`;
}
