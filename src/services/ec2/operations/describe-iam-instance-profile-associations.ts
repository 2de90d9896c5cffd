import { instanceSurroundings } from '../instance-view.ts'
import { chosen, filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { profileAssociation } from '../profile-association.ts'
import { associationNotFound } from '../errors.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeIamInstanceProfileAssociations: Ec2Operation<'DescribeIamInstanceProfileAssociations'> =
  {
    accepts: { AssociationIds: true, ...describing },
    async handle(input, { scope }, deps) {
      const all = (await deps.compute.instances.list(scope)).map((record) => record.value)
      const around = await instanceSurroundings(deps, scope, all)
      const associations = all.flatMap((instance) => profileAssociation(instance, around) ?? [])
      const wanted = chosen(associations, input.AssociationIds, {
        idOf: (one) => one.AssociationId,
        missing: associationNotFound,
      })
      const shown = filtered(
        wanted.map((view) => ({ view, tags: [] })),
        input.Filters,
        { 'instance-id': ({ view }) => view.InstanceId, state: ({ view }) => view.State },
      )
      const { items, ...page } = paged(shown, ({ view }) => view.AssociationId, input)
      return { IamInstanceProfileAssociations: items.map(({ view }) => view), ...page }
    },
  }
