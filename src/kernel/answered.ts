/** How a service tells what was thrown: an `AwsError` of what its engine refused, and everything else as it is. */
export type AsAwsError = (thrown: unknown) => unknown

/** What the work gives; what it throws is told by the service. */
export async function answered<R>(work: () => Promise<R>, asAwsError: AsAwsError): Promise<R> {
  try {
    return await work()
  } catch (thrown) {
    throw asAwsError(thrown)
  }
}
