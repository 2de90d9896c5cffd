/**
 * Whether the whole text is what the pattern says: `*` stands for any text, `?` for one character. It takes time in proportion to
 * pattern × text at most: a regular expression of a few stars would take for ever on a text that its sender chose well.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let at = 0
  let star = -1
  let starTook = 0
  let index = 0
  while (index < text.length) {
    const wanted = pattern[at]
    if (wanted === '*') {
      star = at
      starTook = index
      at += 1
    } else if (wanted === '?' || wanted === text[index]) {
      at += 1
      index += 1
    } else if (star >= 0) {
      // The last star takes one character more; earlier ones need not be tried again.
      starTook += 1
      index = starTook
      at = star + 1
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}
