/** Saves what a camera's box shows, as it was recorded. @returns whether there was a picture. */
export async function savePicture(box: HTMLElement, name: string): Promise<boolean> {
  const shown = [...box.querySelectorAll<HTMLVideoElement | HTMLCanvasElement>('video, canvas')].find(
    (layer) => layer.style.visibility === 'visible',
  );
  if (shown === undefined) return false;
  const canvas = document.createElement('canvas');
  canvas.width = shown instanceof HTMLVideoElement ? shown.videoWidth : shown.width;
  canvas.height = shown instanceof HTMLVideoElement ? shown.videoHeight : shown.height;
  if (canvas.width === 0) return false;
  canvas.getContext('2d')?.drawImage(shown, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) return false;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
  return true;
}
