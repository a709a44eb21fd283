/** INIT: what a kernel offers and makes of the answer, and which dialect a peer may speak. */
export { type BitReport, type BitVerdict, bitName } from './bits.ts'
export { type Claim, type Claimed, claimants, claimedNumbers, claims, claimText } from './claims.ts'
export { type Collision, type LibfuseGeneration, type LibfuseWants, libfuseGenerations } from './collisions.ts'
export { type ConnectionLimits, limitsOf } from './limits.ts'
export { buildInitReply, type Negotiation, negotiate, type ServerSide } from './negotiate.ts'
export { buildInitRequest, type KernelSide, offerOf } from './request.ts'
export {
  ECONNREFUSED,
  famfsOn,
  type InitEnd,
  initOut,
  type MountSide,
  type Negotiated,
  offeredFlags,
  settleInit,
  settleMessages,
} from './settle.ts'
export { type Evidence, type Suggestion, suggestDialect } from './suggest.ts'
export { wholeInitReply, wholeInitRequest } from './whole.ts'
