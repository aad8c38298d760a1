import {
  ChevronDown,
  LayoutDashboard,
  LayoutGrid,
  Maximize,
  Plus,
  Save,
  SquareActivity,
  Trash2,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Layout } from '../../src/http/api/layouts.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { TextField } from '../ui/text-field.tsx';

/** Of the choice that stands for all cameras; layouts have names that are not empty. */
const ALL = '*';

interface LiveToolbarProps {
  readonly layouts: readonly Layout[];
  /** The one shown; undefined for all cameras. */
  readonly layout: string | undefined;
  readonly onLayout: (name: string | undefined) => void;
  readonly onSaveLayout: (name: string) => void;
  readonly onDeleteLayout: (name: string) => void;
  readonly isArranging: boolean;
  readonly onArranging: (isArranging: boolean) => void;
  /** Those that this layout does not show. */
  readonly others: readonly string[];
  readonly onAdd: (camera: string) => void;
  readonly hasOverlay: boolean;
  readonly onOverlay: (hasOverlay: boolean) => void;
  readonly onFullScreen: (() => void) | undefined;
}

export function LiveToolbar(props: LiveToolbarProps): ReactNode {
  const { layouts, layout, isArranging, others } = props;
  const text = useText('live');
  const [isNaming, setIsNaming] = useState(false);
  const named = layouts.some(({ name }) => name === layout) ? layout : undefined;
  return (
    <header className="flex min-h-12 shrink-0 items-center gap-1 px-2 sm:px-3">
      <h1 className="sr-only">{text.title}</h1>
      <Menu
        trigger={
          <Button
            look="quiet"
            className="min-w-0 font-medium text-text"
            aria-label={`${text.layout}: ${named ?? text.allCameras}`}
          >
            <LayoutGrid aria-hidden="true" className="size-4 shrink-0" />
            <span className="truncate">{named ?? text.allCameras}</span>
            <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-faint" />
          </Button>
        }
      >
        <MenuChoice
          label={text.layout}
          value={named ?? ALL}
          choices={[
            { value: ALL, label: text.allCameras },
            ...layouts.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(chosen) => props.onLayout(chosen === ALL ? undefined : chosen)}
        />
        <MenuSeparator />
        <MenuItem icon={Save} onSelect={() => setIsNaming(true)}>
          {text.saveLayout}
        </MenuItem>
        {named !== undefined && (
          <MenuItem icon={Trash2} look="danger" onSelect={() => props.onDeleteLayout(named)}>
            {text.deleteLayout}
          </MenuItem>
        )}
      </Menu>
      {isArranging && (
        <>
          <p className="hidden truncate px-2 text-note text-muted md:block">{text.arrangeHint}</p>
          {others.length > 0 && (
            <Menu
              trigger={
                <Button look="quiet">
                  <Plus aria-hidden="true" className="size-4" />
                  {text.addCamera}
                </Button>
              }
            >
              {others.map((camera) => (
                <MenuItem key={camera} onSelect={() => props.onAdd(camera)}>
                  {camera}
                </MenuItem>
              ))}
            </Menu>
          )}
        </>
      )}
      <div className="ml-auto flex items-center gap-1">
        {isArranging ? (
          <Button look="primary" onClick={() => props.onArranging(false)}>
            {text.arranged}
          </Button>
        ) : (
          <>
            <IconButton
              icon={SquareActivity}
              side="bottom"
              label={text.overlay}
              isPressed={props.hasOverlay}
              onClick={() => props.onOverlay(!props.hasOverlay)}
            />
            <IconButton
              icon={LayoutDashboard}
              side="bottom"
              label={text.arrange}
              onClick={() => props.onArranging(true)}
            />
            {props.onFullScreen !== undefined && (
              <IconButton
                icon={Maximize}
                side="bottom"
                label={text.fullScreen}
                onClick={props.onFullScreen}
              />
            )}
          </>
        )}
      </div>
      {isNaming && (
        <LayoutNameDialog
          name={named ?? ''}
          onClose={() => setIsNaming(false)}
          onSave={(name) => {
            setIsNaming(false);
            props.onSaveLayout(name);
          }}
        />
      )}
    </header>
  );
}

interface LayoutNameDialogProps {
  readonly name: string;
  readonly onSave: (name: string) => void;
  readonly onClose: () => void;
}

function LayoutNameDialog({ name: first, onSave, onClose }: LayoutNameDialogProps): ReactNode {
  const text = useText('live');
  const [name, setName] = useState(first);
  const id = 'layout-name';
  return (
    <Dialog
      title={text.saveLayout}
      isOpen
      onClose={onClose}
      actions={
        <Button look="primary" type="submit" form={id} disabled={name.trim() === ''}>
          {text.save}
        </Button>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') onSave(name.trim());
        }}
      >
        <TextField
          label={text.layoutName}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
