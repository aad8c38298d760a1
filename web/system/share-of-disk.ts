interface DiskUse {
  readonly totalBytes: number;
  /** What programs may write; a file system keeps some more for itself. */
  readonly freeBytes: number;
  readonly recordings: number;
}

/** Which parts of a disk, 0..1, recordings and everything else take. Together they are never more than the disk. */
export function shareOfDisk({ totalBytes, freeBytes, recordings }: DiskUse): {
  readonly recordings: number;
  readonly others: number;
} {
  if (totalBytes <= 0) return { recordings: 0, others: 0 };
  const used = Math.min(1, Math.max(0, (totalBytes - freeBytes) / totalBytes));
  const own = Math.min(used, recordings / totalBytes);
  return { recordings: own, others: used - own };
}
