import { EyeOff, MapPin, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFormat, useText } from '../../text/text-provider.tsx';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Slider } from '../../ui/slider.tsx';
import { Switch } from '../../ui/switch.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { areaName } from './area-name.ts';
import { withChanged, withoutArea, type Area } from './areas.ts';
import type { Drawing } from './use-drawing.ts';

interface AreaListProps {
  readonly drawing: Drawing;
  /** Of the camera, which holds in zones without one of their own. */
  readonly sensitivity: number;
  readonly lockOf: (kind: Area['kind']) => string | undefined;
  /** What is wrong with an area. */
  readonly problemOf: (area: Area) => string | undefined;
}

/** All masks and zones in words, to be chosen, named and removed. */
export function AreaList({ drawing, sensitivity, lockOf, problemOf }: AreaListProps): ReactNode {
  const text = useText('motion');
  const { areas } = drawing;
  const locks = [...new Set([lockOf('mask'), lockOf('zone')])].filter((lock) => lock !== undefined);
  return (
    <div className="flex flex-col gap-2">
      {locks.map((lock) => (
        <p key={lock} role="status" className="text-note text-warning">
          {lock}
        </p>
      ))}
      {areas.length === 0 ? (
        <p className="text-faint">{text.noAreas}</p>
      ) : (
        <ul aria-label={text.areas} className="divide-y divide-line rounded-lg border border-line bg-surface">
          {areas.map((area) => (
            <AreaRow
              key={area.id}
              area={area}
              drawing={drawing}
              sensitivity={sensitivity}
              isLocked={lockOf(area.kind) !== undefined}
              problem={problemOf(area)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface AreaRowProps {
  readonly area: Area;
  readonly drawing: Drawing;
  readonly sensitivity: number;
  readonly isLocked: boolean;
  readonly problem: string | undefined;
}

function AreaRow({ area, drawing, sensitivity, isLocked, problem }: AreaRowProps): ReactNode {
  const text = useText('motion');
  const format = useFormat();
  const { areas, selected, select, change, settle } = drawing;
  const name = areaName(area, areas, text);
  const isSelected = selected?.id === area.id;
  const Icon = area.kind === 'mask' ? EyeOff : MapPin;
  return (
    <li className={classNames('flex flex-col gap-2 px-2 py-1.5', isSelected && 'bg-hover/50')}>
      <div className="flex items-center gap-2">
        <button
          type="button"
          aria-pressed={isSelected}
          className="flex min-h-9 min-w-0 grow items-center gap-2 rounded-md px-2 text-left hover:bg-hover pointer-coarse:min-h-11"
          onClick={() => select(isSelected ? undefined : area.id)}
        >
          <Icon
            aria-hidden="true"
            className={classNames('size-4 shrink-0', area.kind === 'mask' ? 'text-muted' : 'text-accent')}
          />
          <span className="truncate font-medium">{name}</span>
          <span className="shrink-0 text-note text-faint">
            {text.corners(format.number(area.corners.length))}
          </span>
        </button>
        <IconButton
          icon={Trash2}
          label={text.remove(name)}
          disabled={isLocked}
          onClick={() => change(withoutArea(areas, area.id))}
        />
      </div>
      {area.kind === 'zone' && isSelected && (
        <div className="flex flex-col gap-2 px-2 pb-2">
          <TextField
            label={text.zoneName}
            value={area.name}
            maxLength={64}
            disabled={isLocked}
            error={problem}
            onChange={({ target }) =>
              change(
                withChanged(areas, area.id, (zone) => ({ ...zone, name: target.value })),
                `name ${area.id}`,
              )
            }
            onBlur={settle}
          />
          <Switch
            label={text.ownSensitivity}
            isOn={area.sensitivity !== undefined}
            disabled={isLocked}
            onChange={(isOn) =>
              change(
                withChanged(areas, area.id, (zone) => ({
                  ...zone,
                  sensitivity: isOn ? sensitivity : undefined,
                })),
              )
            }
          />
          {area.sensitivity !== undefined && (
            <Slider
              label={text.zoneSensitivity(name)}
              value={area.sensitivity}
              min={1}
              max={100}
              disabled={isLocked}
              onChange={(own) =>
                change(
                  withChanged(areas, area.id, (zone) => ({ ...zone, sensitivity: own })),
                  `sensitivity ${area.id}`,
                )
              }
              onCommit={settle}
            />
          )}
        </div>
      )}
      {problem !== undefined && !(area.kind === 'zone' && isSelected) && (
        <p role="alert" className="px-2 text-note text-danger">
          {problem}
        </p>
      )}
    </li>
  );
}
