import type { Database, Statement } from './database.ts';
import type { VolumeRecord } from './records.ts';

interface Id {
  readonly id: number;
}

interface NumberedVolume extends Id {
  readonly identity: string;
}

/** The cameras and volumes behind the small numbers that stand in the rows. */
export class NameTable {
  readonly #findCamera: Statement<Id>;
  readonly #addCamera: Statement<never>;
  readonly #cameras: Statement<{ readonly name: string }>;
  readonly #findVolume: Statement<Id>;
  readonly #addVolume: Statement<never>;
  readonly #putVolume: Statement<never>;
  readonly #volumesFrom: Statement<NumberedVolume>;
  readonly #volumes: Statement<VolumeRecord>;

  constructor(database: Database) {
    this.#findCamera = database.prepare('SELECT id FROM camera WHERE name = $name');
    this.#addCamera = database.prepare('INSERT INTO camera (name) VALUES ($name)');
    this.#cameras = database.prepare('SELECT name FROM camera ORDER BY name');
    this.#findVolume = database.prepare('SELECT id FROM volume WHERE identity = $identity');
    this.#addVolume = database.prepare('INSERT INTO volume (identity) VALUES ($identity)');
    this.#putVolume = database.prepare(
      `INSERT INTO volume (identity, path) VALUES ($identity, $path)
       ON CONFLICT (identity) DO UPDATE SET path = excluded.path`,
    );
    this.#volumesFrom = database.prepare(
      'SELECT id, identity FROM volume WHERE identity >= $identity ORDER BY identity',
    );
    this.#volumes = database.prepare(
      'SELECT identity AS id, path FROM volume WHERE path IS NOT NULL ORDER BY identity',
    );
  }

  findCamera(name: string): number | undefined {
    return this.#findCamera.get({ name })?.id;
  }

  /** Adds it where it is new. */
  cameraId(name: string): number {
    const id = this.findCamera(name);
    if (id !== undefined) return id;
    this.#addCamera.run({ name });
    return this.cameraId(name);
  }

  cameras(): readonly string[] {
    return this.#cameras.all().map(({ name }) => name);
  }

  findVolume(identity: string): number | undefined {
    return this.#findVolume.get({ identity })?.id;
  }

  /** Adds it where it is new. */
  volumeId(identity: string): number {
    const id = this.findVolume(identity);
    if (id !== undefined) return id;
    this.#addVolume.run({ identity });
    return this.volumeId(identity);
  }

  /** Those whose identities do not come before `identity`, in their order. */
  volumesFrom(identity: string): readonly NumberedVolume[] {
    return this.#volumesFrom.all({ identity });
  }

  putVolume({ id, path }: VolumeRecord): void {
    this.#putVolume.run({ identity: id, path });
  }

  volumes(): readonly VolumeRecord[] {
    return this.#volumes.all().map(({ id, path }) => ({ id, path }));
  }
}
