import type { ReactNode } from 'react';
import type { Motion } from '../../api/changes.tsx';
import type { Area } from './areas.ts';

interface DrawnAreasProps {
  readonly areas: readonly Area[];
  readonly selectedId: number | undefined;
  /** Width by height of the picture. */
  readonly aspect: number;
  readonly motion: Motion | undefined;
  readonly onSelect: (id: number) => void;
}

/** Masks and zones as they are drawn, and what moves at the moment; a press on one selects it. */
export function DrawnAreas({ areas, selectedId, aspect, motion, onSelect }: DrawnAreasProps): ReactNode {
  const [width, height] = [1_000, 1_000 / aspect];
  const selectedLast = areas.toSorted((a, b) => Number(a.id === selectedId) - Number(b.id === selectedId));
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full"
    >
      <defs>
        <pattern
          id="masked"
          width="14"
          height="14"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="14" height="14" fill="rgb(0 0 0 / 0.62)" />
          <rect width="3" height="14" fill="rgb(255 255 255 / 0.28)" />
        </pattern>
      </defs>
      {motion?.boxes.map((box, at) => (
        <rect
          key={at}
          x={box.x * width}
          y={box.y * height}
          width={box.width * width}
          height={box.height * height}
          vectorEffect="non-scaling-stroke"
          className="fill-none stroke-[#ffb84d]"
          strokeWidth={2}
        />
      ))}
      {selectedLast.map(({ id, kind, corners }) => (
        <polygon
          key={id}
          data-area={kind}
          points={corners.map(({ x, y }) => `${x * width},${y * height}`).join(' ')}
          fillRule="evenodd"
          vectorEffect="non-scaling-stroke"
          fill={kind === 'mask' ? 'url(#masked)' : 'rgb(76 195 217 / 0.16)'}
          stroke={kind === 'mask' ? '#e9ecf0' : '#4cc3d9'}
          strokeWidth={id === selectedId ? 2.5 : 1.5}
          className="cursor-pointer"
          onPointerDown={() => onSelect(id)}
        />
      ))}
    </svg>
  );
}
