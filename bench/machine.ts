import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures depend on, one line each. */
export function describeMachine(): readonly string[] {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return [
    `${availableParallelism()} cores (${model}), ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Linux ${release()}, Node.js ${process.versions.node} (V8 ${process.versions.v8})`,
    `load average at the start: ${loadavg()[0]?.toFixed(2)}`,
  ];
}
