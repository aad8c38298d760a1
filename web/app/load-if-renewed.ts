export interface RenewalOptions {
  /** The name of the file that this version of the app has begun with; it tells its content. */
  readonly program: string;
  /** The page as the server has it now. */
  readonly askPage: () => Promise<string>;
  readonly load: () => void;
}

/**
 * For a part of the app that could not be loaded: loads all again where the server has another version by now, as after an update.
 * Where it has the same, or is not reached, nothing would come of that.
 */
export async function loadIfRenewed({ program, askPage, load }: RenewalOptions): Promise<void> {
  const page = await askPage().catch(() => undefined);
  if (page !== undefined && !page.includes(program)) load();
}
