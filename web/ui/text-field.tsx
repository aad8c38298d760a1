import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { CONTROL, Field, type FieldProps } from './field.tsx';

type TextFieldProps = FieldProps & Omit<ComponentProps<'input'>, 'id'>;

export function TextField({ label, hint, error, className, ...rest }: TextFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <input type="text" {...rest} {...attributes} className={classNames(CONTROL, className)} />
      )}
    </Field>
  );
}

type TextAreaProps = FieldProps & Omit<ComponentProps<'textarea'>, 'id'>;

export function TextArea({ label, hint, error, className, ...rest }: TextAreaProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <textarea rows={3} {...rest} {...attributes} className={classNames(CONTROL, 'py-2', className)} />
      )}
    </Field>
  );
}
