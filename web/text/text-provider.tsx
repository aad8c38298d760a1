import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { languageChoice, languageOf, localeOf, type Language } from '../preferences/language.ts';
import { useChoice } from '../preferences/use-choice.ts';
import { makeFormat, type Format } from './format.ts';
import { loadMessages, type Messages } from './messages.ts';

interface Texts {
  readonly language: Language;
  readonly messages: Messages;
}

const TextContext = createContext<(Texts & { readonly format: Format }) | undefined>(undefined);

/** Shows nothing until the chosen language is there, and the former one while another is loaded. */
export function TextProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [choice] = useChoice(languageChoice);
  const language = languageOf(choice, navigator.languages);
  const [texts, setTexts] = useState<Texts>();
  const [failure, setFailure] = useState<unknown>();

  useEffect(() => {
    let isWanted = true;
    document.documentElement.lang = language;
    loadMessages(language).then(
      (messages) => isWanted && setTexts({ language, messages }),
      (error: unknown) => isWanted && setFailure(error),
    );
    return () => {
      isWanted = false;
    };
  }, [language]);

  const value = useMemo(
    () => texts && { ...texts, format: makeFormat(localeOf(texts.language, navigator.languages)) },
    [texts],
  );
  if (value !== undefined) return <TextContext value={value}>{children}</TextContext>;
  if (failure !== undefined) throw failure;
  return null;
}

function useTextContext() {
  const context = use(TextContext);
  if (context === undefined) throw new Error('A text was asked for outside of TextProvider.');
  return context;
}

/** The texts of one room in the chosen language. */
export function useText<Room extends keyof Messages>(room: Room): Messages[Room] {
  return useTextContext().messages[room];
}

/** How times, sizes and numbers are written in the chosen language. */
export function useFormat(): Format {
  return useTextContext().format;
}
