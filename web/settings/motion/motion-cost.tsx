import type { ReactNode } from 'react';
import { useCameras } from '../../api/cameras.ts';
import { useFormat, useText } from '../../text/text-provider.tsx';

/** What looking for motion on a camera takes, once that is known, and what is left out for want of it. */
export function MotionCost({ camera }: { readonly camera: string }): ReactNode {
  const text = useText('motion');
  const format = useFormat();
  const { data: cameras = [] } = useCameras();
  const cost = cameras.find((one) => one.camera === camera)?.analysis ?? null;
  if (cost === null) return null;
  const cpu = `${format.number(cost.cpuMs)} ms`;
  if (cost.leftOutPercent === 0) return text.cost(cpu);
  return text.costTooMuch(cpu, format.percent(cost.leftOutPercent / 100));
}
