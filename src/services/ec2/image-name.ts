import { malformedImageName } from './errors.ts'
import { required } from './input.ts'

/** AWS: "CreateImage", parameter Name. */
const names = /^[\w()[\] ./'@-]{3,128}$/

export function imageNameOf(given: string | undefined): string {
  const name = required(given, 'name')
  if (!names.test(name)) throw malformedImageName()
  return name
}
