import type { SettingsAnswer } from '../../src/http/api/settings.ts';
import { useText } from '../text/text-provider.tsx';

/** @returns why an option cannot be changed here; undefined where it can. Options are named as in `elsewhere`. */
export function useFieldLock(settings: SettingsAnswer): (option: string) => string | undefined {
  const text = useText('settings');
  return (option) => {
    if (settings.readOnly !== null) return text.cameras.readOnly(settings.readOnly);
    const found = settings.elsewhere.find(({ path }) => path === option || path.startsWith(`${option}.`));
    return found === undefined ? undefined : text.decidedElsewhere(found.source);
  };
}
