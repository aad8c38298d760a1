import { Eye, EyeOff } from 'lucide-react';
import { useState, type ComponentProps, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { classNames } from './class-names.ts';
import { CONTROL, Field, type FieldProps } from './field.tsx';
import { IconButton } from './icon-button.tsx';

type PasswordFieldProps = FieldProps & Omit<ComponentProps<'input'>, 'id' | 'type'>;

/** A password that can be looked at, which spares typing it twice. */
export function PasswordField({ label, hint, error, className, ...rest }: PasswordFieldProps): ReactNode {
  const text = useText('ui');
  const [isShown, setIsShown] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <div className="relative">
          <input
            {...rest}
            {...attributes}
            type={isShown ? 'text' : 'password'}
            autoCapitalize="none"
            spellCheck={false}
            className={classNames(CONTROL, 'pr-12', className)}
          />
          <IconButton
            icon={isShown ? EyeOff : Eye}
            label={isShown ? text.hidePassword : text.showPassword}
            onClick={() => setIsShown(!isShown)}
            className="absolute inset-y-0 right-0 my-auto"
          />
        </div>
      )}
    </Field>
  );
}
