/** Clients of old read it and send it back; nothing depends on it any more, at AWS as here. */
export function sequenceToken(at: number): string {
  return `4${`${at}`.padStart(55, '0')}`
}
