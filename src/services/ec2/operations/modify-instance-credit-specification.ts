import { Refusal } from '../../../network/refusal.ts'
import { creditsOf, cpuCreditsOf } from '../cpu-credits.ts'
import { missingParameter } from '../errors.ts'
import { required } from '../input.ts'
import { valuesById } from '../instance-lookup.ts'
import type { Ec2Operation } from '../deps.ts'

/** Each instance succeeds or fails by itself. */
export const modifyInstanceCreditSpecification: Ec2Operation<'ModifyInstanceCreditSpecification'> =
  {
    accepts: {
      InstanceCreditSpecifications: { InstanceId: true, CpuCredits: true },
      ClientToken: true,
    },
    async handle(input, { scope }, deps) {
      const asked = input.InstanceCreditSpecifications ?? []
      if (asked.length === 0) throw missingParameter('InstanceCreditSpecifications')
      const wanted = asked.map((each) => ({
        id: required(each.InstanceId, 'InstanceId'),
        cpuCredits: cpuCreditsOf(required(each.CpuCredits, 'CpuCredits')),
      }))
      const results = await Promise.all(
        wanted.map(async ({ id, cpuCredits }) => {
          try {
            const [instance] = await valuesById(deps, scope, [id])
            if (instance && creditsOf(instance) === undefined) throw notBurstable(id)
            await deps.compute.instances.change(scope, id, (now) => ({ ...now, cpuCredits }))
            return { id }
          } catch (thrown) {
            if (thrown instanceof Refusal) return { id, refusal: thrown }
            throw thrown
          }
        }),
      )
      return {
        SuccessfulInstanceCreditSpecifications: results.flatMap(({ id, refusal }) =>
          refusal ? [] : [{ InstanceId: id }],
        ),
        UnsuccessfulInstanceCreditSpecifications: results.flatMap(({ id, refusal }) =>
          refusal
            ? [
                {
                  InstanceId: id,
                  Error: { Code: unsuccessfulCode(refusal), Message: refusal.message },
                },
              ]
            : [],
        ),
      }
    },
  }

function notBurstable(id: string): Refusal {
  return new Refusal(
    'InstanceCreditSpecification.NotSupported',
    `The instance '${id}' does not support credit specifications.`,
  )
}

const codes = ['InvalidInstanceID.NotFound', 'InstanceCreditSpecification.NotSupported'] as const

function unsuccessfulCode({ code }: Refusal) {
  return codes.find((each) => each === code) ?? 'InvalidInstanceID.NotFound'
}
