import type { AcceptRule } from '../../wire/service.ts'

/** Message attributes by any name, without the lists that AWS has reserved and does not implement either. */
export const messageAttribute: AcceptRule = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every(
    (attribute: unknown) =>
      typeof attribute === 'object' &&
      attribute !== null &&
      !('StringListValues' in attribute && isFilled(attribute.StringListValues)) &&
      !('BinaryListValues' in attribute && isFilled(attribute.BinaryListValues)),
  )

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0
}
