import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VERIFY_FRAMES } from './requirements.ts';
import { runToEnd } from './run-to-end.ts';

/** A stamp of the simulator in recorded bytes. */
export interface Stamp {
  readonly number: number;
  /** When the camera sent the picture. */
  readonly wallMs: number;
}

/** An event in the JSON file beside a recording. */
export interface RecordedEvent {
  readonly id: string;
  readonly causes: readonly string[];
  readonly trigger: string;
  readonly from: string;
  readonly until: string;
}

export interface Sidecar {
  readonly start: string;
  readonly end?: string;
  readonly endedBy?: string;
  readonly continues?: string;
  readonly events: readonly RecordedEvent[];
}

/** One file of an archive, read by a plain search for the camera's stamps: no demuxer is trusted. */
export interface Recording {
  readonly path: string;
  readonly sidecar: Sidecar;
  /** Of the main stream, in their order in the file. */
  readonly stamps: readonly Stamp[];
}

/** What verify_frames.py says about a stream. */
export interface FrameReport {
  readonly frames: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly out_of_order: number;
}

const STAMP = /CAMSIM \S{1,64}\/main (\d{10}) (\d{9,11}\.\d{6})/g;

/** All recordings of a camera, in the order of their start. */
export async function recordingsOf(archive: string, camera: string): Promise<Recording[]> {
  const folder = join(archive, camera);
  const entries = await readdir(folder, { recursive: true });
  const paths = entries.filter((name) => name.endsWith('.mp4')).map((name) => join(folder, name));
  const recordings = await Promise.all(paths.map(readRecording));
  return recordings.toSorted((a, b) => a.sidecar.start.localeCompare(b.sidecar.start));
}

/** The stamps of several recordings, one after the other. */
export function stampsOf(recordings: readonly Recording[]): Stamp[] {
  return recordings.flatMap(({ stamps }) => stamps);
}

/** The events of several recordings, each once, as told last. */
export function eventsOf(recordings: readonly Recording[]): RecordedEvent[] {
  const byId = new Map(recordings.flatMap(({ sidecar }) => sidecar.events).map((event) => [event.id, event]));
  return [...byId.values()].toSorted((a, b) => a.trigger.localeCompare(b.trigger));
}

/** What a full decode complains about, each file with its complaints; empty when every file is whole. */
export async function decodeComplaints(paths: readonly string[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const path of paths) {
    const { code, stderr } = await runToEnd('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-']);
    if (code !== 0 || stderr !== '') complaints.push(`${path}: ended with ${code}: ${stderr.slice(0, 500)}`);
  }
  return complaints;
}

/** The simulator's own judgement of the main stream over these files, taken in the order of their names. */
export async function verifyFrames(paths: readonly string[]): Promise<FrameReport> {
  const { stdout, stderr } = await runToEnd(VERIFY_FRAMES, [...paths]);
  const reports = stdout.trim().split('\n').filter(Boolean);
  const [report] = reports;
  if (report === undefined || reports.length > 1) {
    throw new Error(`expected the frames of one stream in ${paths.join(', ')}, found ${stdout} ${stderr}`);
  }
  return JSON.parse(report) as FrameReport;
}

async function readRecording(path: string): Promise<Recording> {
  const [bytes, json] = await Promise.all([readFile(path), readFile(path.replace(/mp4$/, 'json'), 'utf8')]);
  const stamps = Array.from(bytes.toString('latin1').matchAll(STAMP), ([, number, seconds]) => ({
    number: Number(number),
    wallMs: Number(seconds) * 1000,
  }));
  return { path, sidecar: JSON.parse(json) as Sidecar, stamps };
}
