import type { Language } from '../preferences/language.ts';
import type { messages as english } from './en/messages.ts';

/** The texts of all rooms. English says which there are; the compiler holds the other languages against it. */
export type Messages = typeof english;

/** A language is loaded when it is chosen, in a file of its own. */
const LOADERS: Readonly<Record<Language, () => Promise<{ readonly messages: Messages }>>> = {
  en: () => import('./en/messages.ts'),
  de: () => import('./de/messages.ts'),
};

export async function loadMessages(language: Language): Promise<Messages> {
  return (await LOADERS[language]()).messages;
}
