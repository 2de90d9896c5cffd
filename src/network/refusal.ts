/**
 * A request that the network or compute engine turns down, in EC2's own code and words: the faces of EC2, Auto Scaling and Elastic
 * Load Balancing all report these same codes, so the engines keep them. Each service turns it into its AwsError at its door.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
