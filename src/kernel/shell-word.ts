/** A word of a POSIX shell's script that stands for itself, whatever is in it. */
export function quotedWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
