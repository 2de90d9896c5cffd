import type { QueryPattern, RuleCondition } from '../../protocol/gateway.ts'

/** A condition as the lines of one named ACL: any of its values is enough. */
export function conditionLines(name: string, condition: RuleCondition): readonly string[] {
  const acl = (test: string): string => `  acl ${name} ${test}`
  switch (condition.field) {
    case 'path':
      return condition.values.map((value) => acl(`path -m reg '${wholePattern(value)}'`))
    case 'host':
      return condition.values.map((value) =>
        acl(`req.hdr(host),host_only -m reg -i '${wholePattern(value)}'`),
      )
    case 'header':
      return condition.values.map((value) =>
        acl(`req.fhdr(${condition.name}) -m reg -i '${wholePattern(value)}'`),
      )
    case 'method':
      return condition.values.map((value) => acl(`method -m reg '${wholePattern(value)}'`))
    case 'query':
      return condition.values.map((value) => acl(`query -m reg -i '${queryPattern(value)}'`))
    case 'source':
      return condition.values.map((value) => acl(`src ${value}`))
  }
}

function wholePattern(text: string): string {
  return `^${patternOf(text, '.*', '.')}$`
}

/** A pair anywhere in a query; without `=` its value is empty. */
function queryPattern({ key, value }: QueryPattern): string {
  const name = key === undefined ? '[^=&]*' : queryText(key, '[^=&]*', '[^=&]')
  const text = queryText(value, '[^&]*', '[^&]')
  const pair = /^\**$/.test(value) ? `${name}(=${text})?` : `${name}=${text}`
  return `(^|&)${pair}(&|$)`
}

/** In a query's pattern a backslash makes a wildcard a plain character. */
function queryText(text: string, many: string, one: string): string {
  return text
    .split(/(\\[*?])/)
    .map((part) =>
      /^\\[*?]$/.test(part) ? `\\x${part.charCodeAt(1).toString(16)}` : patternOf(part, many, one),
    )
    .join('')
}

/** Every character but letters, digits and the wildcards by its number, so that none has a meaning in a pattern or in quotes. */
function patternOf(text: string, many: string, one: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((code) => {
      if (code === 0x2a) return many
      if (code === 0x3f) return one
      const character = String.fromCharCode(code)
      return /[A-Za-z0-9/_]/.test(character)
        ? character
        : `\\x${code.toString(16).padStart(2, '0')}`
    })
    .join('')
}
