/** How many bytes a text takes as UTF-8; half of a pair counts as the sign that replaces it. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n)
    if (code < 0x80) continue
    if (code < 0x800) bytes += 1
    else {
      bytes += 2
      const isPair = code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(n + 1))
      if (isPair) n += 1
    }
  }
  return bytes
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000
}
