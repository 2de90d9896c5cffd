import { validationError } from './errors.ts'

const lengthMax = 32

/** The rules for names of balancers and target groups, in ELBv2's words. `what`: how the message begins. */
export function checkName(what: string, name: string): void {
  if (name === '') throw validationError(`${what} cannot be empty`)
  if (name.length > lengthMax) {
    throw validationError(`${what} '${name}' cannot be longer than '${lengthMax}' characters`)
  }
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      `${what} '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    )
  }
  if (name.startsWith('-') || name.endsWith('-')) {
    throw validationError(`${what} '${name}' cannot begin or end with a hyphen(-)`)
  }
}
