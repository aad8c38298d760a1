/**
 * How long tests wait for what is to come. A test that passes never waits so long; one that fails says what it waited for. It is for
 * machines on which everything takes ten times as long.
 */
export const PATIENCE_MS = 300_000;
