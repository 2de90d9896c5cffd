/** What is wrong with a filter pattern, in CloudWatch Logs' words where they are known. */
export class PatternFault extends Error {
  override readonly name = 'PatternFault'
}

export function invalidCharacters(characters: string): PatternFault {
  return new PatternFault(`Invalid character(s) in term '${characters}'`)
}

export function invalidPattern(reason: string): PatternFault {
  return new PatternFault(`Invalid filter pattern: ${reason}`)
}
