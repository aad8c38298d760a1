import type { Clock } from '../base/clock.ts';
import { describeError, PrerollError, systemCode } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { monotonicMs, type MonotonicMs, type WallMs } from '../base/time.ts';
import type { FileKey, VolumeRecord } from '../db/records.ts';
import { ArchivePathError } from './archive-path.ts';
import { IdentityError } from './volume-identity.ts';
import { Volume, type FileNaming, type VolumeFile } from './volume.ts';

/** None of several volumes took a file. */
export class NoVolumeError extends PrerollError {
  readonly kind = 'none';
}

export interface VolumesOptions {
  /** Their folders, absolute, in the order in which they are used; at least one. */
  readonly paths: readonly string[];
  /** What the index knows; nothing, if it cannot be asked. */
  readonly known: readonly VolumeRecord[];
  readonly naming: FileNaming;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each volume when it is seen first, and when its folder holds another one. */
  readonly onFound: (volume: VolumeRecord) => void;
  /** Told of each file that was created, before anybody else can know of it. */
  readonly onCreated: (file: FileKey) => void;
  /** Told of those of them that are gone again, because nothing could be written. */
  readonly onAbandoned: (file: FileKey) => void;
  /** Asked to delete something, each time a full disk refused something. */
  readonly makeRoom: (volume: VolumeRecord) => void;
  /** Whether it has no room: others come first then. */
  readonly isFull: (volume: VolumeRecord) => boolean;
}

/** A volume as it was when it was needed last. */
interface Place {
  readonly volume: Volume;
  /** Undefined until it was seen. */
  record: VolumeRecord | undefined;
  isThere: boolean;
  /** Whether it was told that it cannot be used. */
  isTold: boolean;
  restsUntilMs: MonotonicMs;
}

/** A volume that failed while being written to comes last for this long: each attempt costs some seconds of footage. */
const REST_MS = 10 * 60_000;

/** The volumes of the archive. A file goes to the first one that takes it. */
export class Volumes {
  readonly #options: VolumesOptions;
  readonly #places: readonly Place[];

  constructor(options: VolumesOptions) {
    const { paths, known, naming } = options;
    this.#options = options;
    this.#places = paths.map((path) => ({
      volume: new Volume({ path, isKnown: known.some((volume) => volume.path === path), naming }),
      record: undefined,
      isThere: false,
      isTold: false,
      restsUntilMs: monotonicMs(0),
    }));
  }

  /** Those that were there when they were needed last, in their order. */
  get present(): readonly VolumeRecord[] {
    return this.#places.flatMap(({ record, isThere }) => (record !== undefined && isThere ? record : []));
  }

  /** Looks which are there. Those that are not are told, and looked for again with each file. */
  async find(): Promise<void> {
    for (const place of this.#places) {
      try {
        await this.#look(place);
        this.#works(place);
      } catch (error) {
        this.#refused(place, error);
      }
    }
  }

  /**
   * Creates the file of a recording on the first volume that takes it.
   * @throws what the only volume threw, NoVolumeError where there are several.
   */
  async create(camera: string, start: WallMs): Promise<VolumeFile> {
    const errors: unknown[] = [];
    for (const place of this.#inOrder()) {
      try {
        const file = await place.volume.create(await this.#look(place), camera, start);
        this.#works(place);
        this.#options.onCreated(file.key);
        return file;
      } catch (error) {
        this.#refused(place, error);
        errors.push(error);
      }
    }
    const [cause] = errors;
    if (errors.length === 1) throw cause;
    throw new NoVolumeError(`no volume takes a file: ${errors.map(describeError).join('; ')}`, { cause });
  }

  /** A file that was created is gone again. */
  abandoned(file: FileKey): void {
    this.#options.onAbandoned(file);
  }

  /** A file that was being written could not be gone on with: others come first for a while. */
  failed({ volume }: FileKey, error: unknown): void {
    const place = this.#places.find(({ record }) => record?.id === volume);
    if (place === undefined) return;
    place.restsUntilMs = monotonicMs(this.#options.clock.monotonicMs() + REST_MS);
    this.#askForRoom(place, error);
  }

  #inOrder(): readonly Place[] {
    const nowMs = this.#options.clock.monotonicMs();
    const isLast = ({ restsUntilMs, record }: Place) =>
      restsUntilMs > nowMs || (record !== undefined && this.#options.isFull(record));
    return [...this.#places.filter((place) => !isLast(place)), ...this.#places.filter(isLast)];
  }

  /** @throws as `Volume.find`; IdentityError. */
  async #look(place: Place): Promise<VolumeRecord> {
    const record = await place.volume.find();
    const twin = this.#places.find((other) => other !== place && other.record?.id === record.id);
    if (twin !== undefined) {
      throw new IdentityError(`${record.path}: expected another volume than ${twin.volume.path}, found its copy`);
    }
    place.isThere = true;
    if (place.record?.id !== record.id) this.#found(place, record);
    return record;
  }

  #found(place: Place, record: VolumeRecord): void {
    const { log, known, onFound } = this.#options;
    const wasOther = place.record !== undefined || known.some(({ path }) => path === record.path);
    if (wasOther && !known.some(({ id }) => id === record.id)) {
      log.warn(`${record.path} holds another volume than before; it is used`, { volume: record.id });
    }
    place.record = record;
    onFound(record);
  }

  #works(place: Place): void {
    if (place.isTold) this.#options.log.info(`the volume ${place.volume.path} is in use again`);
    place.isTold = false;
  }

  #refused(place: Place, error: unknown): void {
    if (!(error instanceof ArchivePathError)) place.isThere = false;
    this.#askForRoom(place, error);
    // The folder of one camera is no matter of the volume.
    if (place.isTold || (error instanceof ArchivePathError && error.kind === 'folder')) return;
    place.isTold = true;
    const others = this.#places.length > 1 ? 'the others serve meanwhile' : 'nothing can be recorded';
    const text = `the volume ${place.volume.path} cannot be used: ${describeError(error)}`;
    this.#options.log.error(`${text}; ${others}, and it is tried again`);
  }

  #askForRoom({ record }: Place, error: unknown): void {
    if (record !== undefined && systemCode(error) === 'ENOSPC') this.#options.makeRoom(record);
  }
}
