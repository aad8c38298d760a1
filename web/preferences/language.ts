import { storedChoice } from './stored-choice.ts';

/** `system`: the first of the browser's languages that we have. */
export const languageChoice = storedChoice('language', ['system', 'en', 'de'], 'system');

export type Language = 'en' | 'de';

export function languageOf(choice: 'system' | Language, wished: readonly string[]): Language {
  if (choice !== 'system') return choice;
  for (const each of wished) {
    const language = each.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'de') return language;
  }
  return 'en';
}

/** The locale for times and numbers: the browser's where it is of the language, for British English differs from American. */
export function localeOf(language: Language, wished: readonly string[]): string {
  return wished.find((each) => each.toLowerCase().startsWith(language)) ?? language;
}
