/** Keeps texts unreadable at rest, under a key of the installation that is not in the store. */
export interface Sealer {
  /** `context` binds the sealed text to its place: opened under another one it is refused. */
  seal(text: string, context: string): string
  /** Throws when the text was not sealed by this installation under this context. */
  open(sealed: string, context: string): string
}
