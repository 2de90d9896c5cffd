import type { Operation } from '../../../wire/service.ts'
import { validationError } from '../errors.ts'
import type { Filter } from '../group-filters.ts'
import { tagShapes } from '../group-shape.ts'
import { byName, nextToken, page } from '../paging.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeTags: Operation<AutoScalingOperations, 'DescribeTags', AutoScalingDeps> = {
  accepts: { Filters: { Name: true, Values: true }, MaxRecords: true, NextToken: true },
  async handle(input, request, deps) {
    const tags = (await deps.scale.list(request.scope))
      .flatMap(tagShapes)
      .filter((tag) => (input.Filters ?? []).every((filter) => matchesTag(tag, filter)))
      .sort(byName(keyOf))
    const found = page(tags, keyOf, input)
    return { Tags: [...found.items], ...nextToken(found) }
  },
}

type TagShape = ReturnType<typeof tagShapes>[number]

function keyOf(tag: TagShape): string {
  return `${tag.ResourceId}\0${tag.Key}`
}

function matchesTag(tag: TagShape, { Name = '', Values = [] }: Filter): boolean {
  switch (Name) {
    case 'auto-scaling-group':
      return Values.includes(tag.ResourceId)
    case 'key':
      return Values.includes(tag.Key)
    case 'value':
      return Values.includes(tag.Value)
    case 'propagate-at-launch':
      return Values.includes(String(tag.PropagateAtLaunch))
    default:
      throw validationError(`Filter type ${Name} is not correct`)
  }
}
