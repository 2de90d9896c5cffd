import type { Sealer } from '../kernel/sealer.ts'

/** Seals by writing backwards, and refuses another context, as a real one does. */
export const fakeSealer: Sealer = {
  seal: (text, context) => `${context}|${text.split('').reverse().join('')}`,
  open(sealed, context) {
    if (!sealed.startsWith(`${context}|`)) throw new Error(`not sealed for ${context}`)
    return sealed
      .slice(context.length + 1)
      .split('')
      .reverse()
      .join('')
  },
}
