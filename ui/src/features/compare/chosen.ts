// Files that were chosen as a side: their texts stay in this window, the address holds only a number.
import type { FileRef } from "../../contract";

const chosen = new Map<string, FileRef[]>();

/** Keeps files and gives what stands for them in the address. */
export function keepFiles(files: FileRef[]): string {
  const key = `files:${chosen.size + 1}`;
  chosen.set(key, files);
  return key;
}

/** The files of an address; none when the window was opened anew since. */
export const filesOf = (key: string): FileRef[] => chosen.get(key) ?? [];
