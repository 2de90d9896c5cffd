import { invalidValue, missingParameter } from './errors.ts'

/** Every unit that CloudWatch knows. */
const units: ReadonlySet<string> = new Set([
  'Seconds',
  'Microseconds',
  'Milliseconds',
  ...['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'],
  ...['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'],
  'Percent',
  'Count',
  ...['Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second'],
  ...['Terabytes/Second', 'Bits/Second', 'Kilobits/Second', 'Megabits/Second'],
  ...['Gigabits/Second', 'Terabits/Second', 'Count/Second', 'None'],
])

export function checkUnit(unit: string, path: string): string {
  if (!units.has(unit)) throw invalidValue(`The value ${unit} for parameter ${path} is invalid.`)
  return unit
}

export function checkName(name: string | undefined, path: string): string {
  if (!name) throw missingParameter(path)
  if (name.length > 255) throw invalidValue(`The value ${name} for parameter ${path} is invalid.`)
  return name
}

export function checkNamespace(namespace: string | undefined, path = 'Namespace'): string {
  const name = checkName(namespace, path)
  if (name.startsWith(':') || !/^[\w.\-/#: ]+$/.test(name)) {
    throw invalidValue(`The value ${name} for parameter ${path} is invalid.`)
  }
  return name
}

export function checkAlarmNames(names: readonly string[] | undefined): readonly string[] {
  if (names === undefined) throw missingParameter('AlarmNames')
  if (names.length > 100) {
    throw invalidValue('The collection AlarmNames must not have a size greater than 100.')
  }
  return names
}
