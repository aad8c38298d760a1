import { ByteCursor } from './byte-cursor.ts';
import { readExactly, type ByteSource } from './byte-source.ts';
import { Mp4Error } from './mp4-error.ts';

/** Where a box lies and what it is. */
export interface BoxHeader {
  readonly type: string;
  readonly positionBytes: number;
  readonly headerBytes: number;
  /** The whole box, header and content. */
  readonly sizeBytes: number;
}

/** A box within another, its content ready to read. */
export interface ChildBox {
  readonly type: string;
  readonly content: ByteCursor;
}

/** Version and flags at the start of a full box. */
export interface FullBoxHead {
  readonly version: number;
  readonly flags: number;
}

const SHORT_HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;

/**
 * The header of the file's box at `positionBytes`. That its content is all there remains to be seen.
 * @throws Mp4Error `truncated` when the file ends within the header, `malformed` when there is none.
 */
export async function readBoxHeader(source: ByteSource, positionBytes: number): Promise<BoxHeader> {
  const available = Math.min(LONG_HEADER_BYTES, source.sizeBytes - positionBytes);
  const found = await readExactly(source, positionBytes, Math.max(available, SHORT_HEADER_BYTES));
  return parseBoxHeader(new ByteCursor(found, positionBytes));
}

/**
 * The content of a box of the file.
 * @throws Mp4Error `too-large` above `maxBytes`, `truncated` when the file ends before the box.
 */
export async function readContent(
  source: ByteSource,
  { type, positionBytes, headerBytes, sizeBytes }: BoxHeader,
  maxBytes: number,
): Promise<ByteCursor> {
  if (positionBytes + sizeBytes > source.sizeBytes) {
    throw new Mp4Error('truncated', `cannot read a ${type}: the file ends within it`, positionBytes);
  }
  if (sizeBytes > maxBytes) {
    throw new Mp4Error('too-large', `cannot read a ${type} of ${sizeBytes} bytes`, positionBytes);
  }
  const contentPositionBytes = positionBytes + headerBytes;
  const content = await readExactly(source, contentPositionBytes, sizeBytes - headerBytes);
  return new ByteCursor(content, contentPositionBytes);
}

/** The boxes that fill the rest of `parent`. */
export function readChildren(parent: ByteCursor): readonly ChildBox[] {
  const children: ChildBox[] = [];
  while (parent.remainingBytes > 0) {
    const { type, headerBytes, sizeBytes } = parseBoxHeader(parent);
    children.push({ type, content: parent.slice(sizeBytes - headerBytes) });
  }
  return children;
}

/** @throws Mp4Error `malformed` when `children` has no box of that type; `parent` is for the message. */
export function requireChild(children: readonly ChildBox[], type: string, parent: ByteCursor): ByteCursor {
  const content = findChild(children, type);
  if (content === undefined) throw parent.malformed(`a ${type} box is missing`);
  return content;
}

export function findChild(children: readonly ChildBox[], type: string): ByteCursor | undefined {
  return children.find((child) => child.type === type)?.content;
}

export function readFullBoxHead(content: ByteCursor): FullBoxHead {
  const head = content.u32();
  return { version: head >>> 24, flags: head & 0xffffff };
}

/** A size of zero (to the end of the file) would make a torn file look whole, so it is refused. */
function parseBoxHeader(cursor: ByteCursor): BoxHeader {
  const { positionBytes } = cursor;
  const shortSize = cursor.u32();
  const type = cursor.type();
  const isLong = shortSize === 1;
  const sizeBytes = isLong ? cursor.u64() : shortSize;
  const headerBytes = isLong ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES;
  if (sizeBytes < headerBytes || !/^[ -~]{4}$/.test(type)) {
    const found = `no box, but ${JSON.stringify(type)} of ${sizeBytes} bytes`;
    throw new Mp4Error('malformed', `cannot parse the file: ${found}`, positionBytes);
  }
  return { type, positionBytes, headerBytes, sizeBytes };
}
