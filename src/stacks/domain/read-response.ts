/** What the maker of a custom resource answered. */
export interface CustomResponse {
  readonly isSuccess: boolean
  readonly reason?: string
  readonly physicalId?: string
  readonly data: Readonly<Record<string, unknown>>
  readonly isHidden: boolean
}

/** AWS's longest physical id. */
const physicalIdMax = 1024

/**
 * Reads `{Status, Reason, PhysicalResourceId, Data, NoEcho}`. What cannot be read is a failure that says why.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export function readResponse(value: unknown): CustomResponse {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed('Invalid response object: it must be a JSON object')
  }
  const answer: Readonly<Record<string, unknown>> = { ...value }
  const { Status, Reason, PhysicalResourceId: id, Data, NoEcho } = answer
  if (Status !== 'SUCCESS' && Status !== 'FAILED') {
    return failed('Invalid Status: it is SUCCESS or FAILED')
  }
  if (id !== undefined && (typeof id !== 'string' || id.length > physicalIdMax)) {
    return failed('Invalid PhysicalResourceId')
  }
  const isMap = typeof Data === 'object' && Data !== null && !Array.isArray(Data)
  if (Data !== undefined && Data !== null && !isMap) {
    return failed('Invalid response object: Value of property Data must be an object')
  }
  return {
    isSuccess: Status === 'SUCCESS',
    ...(typeof Reason === 'string' ? { reason: Reason } : {}),
    ...(typeof id === 'string' && id !== '' ? { physicalId: id } : {}),
    data: isMap ? { ...Data } : {},
    isHidden: NoEcho === true || NoEcho === 'true',
  }
}

function failed(reason: string): CustomResponse {
  return { isSuccess: false, reason, data: {}, isHidden: false }
}
