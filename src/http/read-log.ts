import { describeError, systemCode } from '../base/error.ts';
import { LogFiles, type LogPlace, type PlacedLine } from '../base/log-files.ts';
import type { LogLevel } from '../base/log-lines.ts';
import { parseLogLine } from '../base/parse-log-line.ts';
import { SecretRedactor } from '../base/redact.ts';
import { knownCredentials, type Config } from '../config/config.ts';
import type { LogAnswer, LogLine, LogQuery } from './api/logs.ts';
import { HttpError } from './http-error.ts';

/** How much is looked through for one answer. */
const MOST_BYTES = 4 * 2 ** 20;
const IMPORTANCE: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** @throws HttpError when the log cannot be read. */
export async function readLog(config: Config, query: LogQuery): Promise<LogAnswer> {
  await using files = await openLog(config);
  const wanted = lineFilter(config, query);
  if (query.after !== undefined) return await linesAfter(files, placeOf(query.after), query.limit, wanted);
  const from = query.before === undefined ? files.end : placeOf(query.before);
  const newest = query.before === undefined ? textOf(files.end) : null;
  if (!files.has(from)) return { lines: [], older: null, newest };
  return { ...(await linesBefore(files, from, query.limit, wanted)), newest };
}

/** The whole log, the oldest line first, to be read to its end. @throws HttpError when it cannot be read. */
export async function wholeLog(config: Config): Promise<AsyncIterable<string>> {
  return maskedLines(await openLog(config), redactorOf(config));
}

async function* maskedLines(files: LogFiles, redactor: SecretRedactor): AsyncGenerator<string> {
  await using _ = files;
  for await (const { text } of files.from()) yield `${redactor.redact(text)}\n`;
}

type LineFilter = (line: PlacedLine) => LogLine | undefined;

async function linesBefore(
  files: LogFiles,
  from: LogPlace,
  limit: number,
  wanted: LineFilter,
): Promise<Pick<LogAnswer, 'lines' | 'older'>> {
  const lines: LogLine[] = [];
  let seenBytes = 0;
  for await (const line of files.before(from)) {
    const found = wanted(line);
    if (found !== undefined) lines.push(found);
    seenBytes += line.end.offset - line.place.offset;
    if (lines.length >= limit || seenBytes >= MOST_BYTES) return { lines, older: textOf(line.place) };
  }
  return { lines, older: null };
}

async function linesAfter(
  files: LogFiles,
  from: LogPlace,
  limit: number,
  wanted: LineFilter,
): Promise<LogAnswer> {
  if (!files.has(from)) return { lines: [], older: null, newest: null };
  const lines: LogLine[] = [];
  let newest = from;
  let seenBytes = 0;
  for await (const line of files.from(from)) {
    const found = wanted(line);
    if (found !== undefined) lines.unshift(found);
    newest = line.end;
    seenBytes += line.end.offset - line.place.offset;
    if (lines.length >= limit || seenBytes >= MOST_BYTES) break;
  }
  return { lines, older: null, newest: textOf(newest) };
}

/** Secrets are masked before the text is looked at: else who guesses would find them. */
function lineFilter(config: Config, { level, camera, text = '' }: LogQuery): LineFilter {
  const redactor = redactorOf(config);
  const sought = text.toLowerCase();
  return ({ place, text: raw }) => {
    const line = parseLogLine(raw);
    const isImportant =
      level === undefined || (line.level !== undefined && IMPORTANCE[line.level] >= IMPORTANCE[level]);
    if (!isImportant || (camera !== undefined && line.camera !== camera)) return undefined;
    const masked = redactor.redact(line.text);
    if (!masked.toLowerCase().includes(sought)) return undefined;
    return {
      place: textOf(place),
      atMs: line.wallMs ?? null,
      level: line.level ?? null,
      camera: line.camera ?? null,
      text: masked,
    };
  };
}

/** The log was masked when it was written; one of before may hold a password that was configured later. */
function redactorOf(config: Config): SecretRedactor {
  return new SecretRedactor(knownCredentials(config));
}

async function openLog({ log }: Config): Promise<LogFiles> {
  try {
    return await LogFiles.open(log);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    const isMissing = systemCode(error) === 'ENOENT';
    const found = isMissing ? 'there is none yet' : describeError(error);
    const advice = isMissing
      ? 'Look whether log.path in the configuration names the file that the recorder writes, and whether its disk is there.'
      : 'Let the user of the recorder read the file.';
    throw new HttpError(404, `Reading the log ${log.path}: ${found}. ${advice}`, {
      reason: { code: isMissing ? 'log-missing' : 'log-unreadable', path: log.path },
      cause: error,
    });
  }
}

function textOf({ file, offset }: LogPlace): string {
  return `${file}-${offset}`;
}

/** The schema has looked at it. */
function placeOf(text: string): LogPlace {
  const [file = '', offset = ''] = text.split('-');
  return { file, offset: Number(offset) };
}
