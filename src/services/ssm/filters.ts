import type { ParameterStringFilter } from '@aws-sdk/client-ssm'
import { invalidFilterKey, invalidFilterOption } from './errors.ts'
import type { Parameter } from './parameters.ts'

/** Members of a filter of parameters, for `accepts`. */
export const parameterFilters = { Key: true, Option: true, Values: true } as const

type Test = (parameter: Pick<Parameter, 'name' | 'type' | 'tags'>, value: string) => boolean

const byName: Readonly<Record<string, Test>> = {
  Equals: ({ name }, value) => name === value,
  BeginsWith: ({ name }, value) => name.startsWith(value),
  Contains: ({ name }, value) => name.includes(value),
}

const byPath: Readonly<Record<string, Test>> = {
  OneLevel: ({ name }, path) =>
    isBelow(name, path) && !name.slice(below(path).length).includes('/'),
  Recursive: ({ name }, path) => isBelow(name, path),
}

const byType: Readonly<Record<string, Test>> = {
  Equals: ({ type }, value) => type === value,
  BeginsWith: ({ type }, value) => type.startsWith(value),
}

/** All are of the one tier and hold text. */
const constant = (word: string): Readonly<Record<string, Test>> => ({
  Equals: (_, value) => value === word,
})

/** The parameters that every filter lets through; a filter without values asks whether there is a tag. */
export function filteredParameters<T extends Pick<Parameter, 'name' | 'type' | 'tags'>>(
  all: readonly T[],
  filters: readonly ParameterStringFilter[],
): readonly T[] {
  const tests = filters.map(testOf)
  return all.filter((parameter) => tests.every((test) => test(parameter)))
}

function testOf({ Key = '', Option, Values = [] }: ParameterStringFilter) {
  if (Key.startsWith('tag:')) {
    if (Option !== undefined && Option !== 'Equals') throw invalidFilterOption(Option)
    return tagTest(Key.slice('tag:'.length), Values)
  }
  const [options, standard] = optionsOf(Key)
  const test = Object.hasOwn(options, Option ?? standard) ? options[Option ?? standard] : undefined
  if (!test) throw invalidFilterOption(Option ?? '')
  return (parameter: Parameters<Test>[0]) => Values.some((value) => test(parameter, value))
}

function optionsOf(key: string): readonly [Readonly<Record<string, Test>>, string] {
  switch (key) {
    case 'Name':
      return [byName, 'Equals']
    case 'Path':
      return [byPath, 'OneLevel']
    case 'Type':
      return [byType, 'Equals']
    case 'Tier':
      return [constant('Standard'), 'Equals']
    case 'DataType':
      return [constant('text'), 'Equals']
    default:
      throw invalidFilterKey(key)
  }
}

function tagTest(key: string, values: readonly string[]) {
  return ({ tags = [] }: Parameters<Test>[0]): boolean =>
    tags.some((tag) => tag.Key === key && (values.length === 0 || values.includes(tag.Value)))
}

function isBelow(name: string, path: string): boolean {
  return name.startsWith(below(path))
}

function below(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}
