/** The lines of a stream, read no faster than they are taken: `node:readline` reads a thousand ahead, of any length. */
export async function* linesOf(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder()
  let begun = ''
  for await (const chunk of source) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    begun += first
    for (const next of others) {
      yield begun
      begun = next
    }
  }
  if (begun !== '') yield begun
  return undefined
}
