import type { WallMs } from '../base/time.ts';
import type { Database, Statement } from './database.ts';
import type { FallbackRecord } from './records.ts';

interface FallbackRow {
  readonly camera: string;
  readonly stream: FallbackRecord['stream'];
  readonly address_hash: string;
  readonly reason: string;
  readonly since_ms: number;
  readonly tried_ms: number;
}

/** Which streams FFmpeg's client reads instead of our own. */
export class FallbackTable {
  readonly #put: Statement<never>;
  readonly #delete: Statement<never>;
  readonly #all: Statement<FallbackRow>;

  constructor(database: Database) {
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO fallback (camera_id, stream, address_hash, reason, since_ms, tried_ms)
       VALUES ($camera_id, $stream, $address_hash, $reason, $since_ms, $tried_ms)`,
    );
    this.#delete = database.prepare('DELETE FROM fallback WHERE camera_id = $camera_id AND stream = $stream');
    this.#all = database.prepare(
      `SELECT camera.name AS camera, stream, address_hash, reason, since_ms, tried_ms
       FROM fallback JOIN camera ON camera.id = fallback.camera_id ORDER BY camera.name, stream`,
    );
  }

  put(cameraId: number, { stream, addressHash, reason, sinceWallMs, triedWallMs }: FallbackRecord): void {
    this.#put.run({
      camera_id: cameraId,
      stream,
      address_hash: addressHash,
      reason,
      since_ms: Math.round(sinceWallMs),
      tried_ms: Math.round(triedWallMs),
    });
  }

  delete(cameraId: number, stream: FallbackRecord['stream']): void {
    this.#delete.run({ camera_id: cameraId, stream });
  }

  all(): readonly FallbackRecord[] {
    return this.#all.all().map(({ camera, stream, address_hash, reason, since_ms, tried_ms }) => ({
      camera,
      stream,
      addressHash: address_hash,
      reason,
      sinceWallMs: since_ms as WallMs,
      triedWallMs: tried_ms as WallMs,
    }));
  }
}
