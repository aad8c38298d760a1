/** The text for a moment of the loop: `hh:mm:ss.f` and the frame's number in six digits. */
export function clockText(frame: number, rateFps: number): string {
  const tenths = Math.floor((frame * 10) / rateFps + 1e-6);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(tenths / 10);
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${time}.${tenths % 10} ${String(frame).padStart(6, '0')}`;
}
