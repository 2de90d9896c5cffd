const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** `Fn::Base64`: the text's UTF-8 bytes. Pure code has no Buffer. */
export function base64Of(text: string): string {
  const bytes = utf8Of(text)
  let encoded = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [first = 0, second, third] = bytes.slice(i, i + 3)
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0)
    encoded += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63)
    encoded += second === undefined ? '=' : alphabet.charAt((group >> 6) & 63)
    encoded += third === undefined ? '=' : alphabet.charAt(group & 63)
  }
  return encoded
}

/** Half of a surrogate pair becomes the replacement character, as everywhere. */
function utf8Of(text: string): readonly number[] {
  const bytes: number[] = []
  for (const character of text.toWellFormed()) {
    const point = character.codePointAt(0) ?? 0
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point))
    else if (point < 0x1_0000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point))
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point))
  }
  return bytes
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f)
}
