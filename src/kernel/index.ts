/**
 * `famfs-wire/kernel`: the other side. What a kernel does with a map that it took - which byte of which device it reads for a byte of a file,
 * in every state of devices and file - and the geometry of maps for those who make or use them. No kernel is needed, nothing is read or
 * written.
 */

export {
  type AddressSpace,
  type DecodedIoctl,
  decodeIoctl,
  encodeIoctl,
  explainIoctl,
  findCommand,
  type IoctlDaxdev,
  type IoctlDecodeOptions,
  type IoctlEncodeOptions,
  type IoctlExtent,
  type IoctlFmap,
  type IoctlGroup,
  type IoctlNumber,
  type IoctlPayload,
  type IoctlRegion,
  type IoctlUse,
  type IoctlValue,
  ioctlText,
  LOWEST_ADDRESS,
  rebase,
  UserMemory,
} from '../codec/ioctl/index.ts'
export { famfs_statfs_types, type StatfsAbi, statfsAbi } from '../uapi/famfs/statfs.ts'
export { type IoctlFinding, type IoctlFindingOptions, ioctlFindings } from '../validate/ioctl/findings.ts'
export { type DeviceInstall, type DeviceInstalled, installDevice } from '../validate/ioctl/install.ts'
export { type FamfsOperation, optionErrno } from '../validate/ioctl/options.ts'
export { type IoctlRule, ioctlRules } from '../validate/ioctl/rules/index.ts'
export type {
  InstalledMap,
  IoctlCall,
  IoctlDone,
  IoctlHazard,
  IoctlOops,
  IoctlPlace,
  IoctlRefused,
  IoctlResidue,
  IoctlState,
  IoctlUnread,
  IoctlVerdict,
} from '../validate/ioctl/types.ts'
export { ioctlVerdict, verdictOfPayload } from '../validate/ioctl/verdict.ts'
export { devicesAsked } from './asked.ts'
export {
  type Access,
  type Caller,
  type Conversation,
  type ConversationOptions,
  conversation,
  type Effect,
  type Event,
  type KnownFile,
  type LogClass,
  type Named,
  type Piece,
  type Settled,
  type Slot,
  type Stepped,
  step,
} from './conversation/index.ts'
export { cutToFile } from './ioctl/access.ts'
export { fromFmap, fromIoctl, type Loss, type TypedMap } from './ioctl/from.ts'
export {
  type FileOperationCall,
  fileOperation,
  type OperationOutcome,
  type OperationState,
  type OperationTarget,
} from './ioctl/operation.ts'
export { pageAddress, type ReadOutcome, type ReadResult, readFrom } from './ioctl/reads.ts'
export { type FmapForm, type ToFmapOptions, toFmap } from './ioctl/reply.ts'
export { type IoctlForm, ioctlOfFmap, mapCommandOf, type ToIoctlOptions, toIoctl } from './ioctl/to.ts'
export { decodeUpserts, type FromIomapOptions, fromIomap, type MapOfIomap } from './iomap/from.ts'
export { type IomapForm, type ToIomapOptions, toIomap, type Upsert, upsertMessage } from './iomap/to.ts'
export { fmapPages, fmapReply } from './legal.ts'
export {
  type ExtentFields,
  type FileMap,
  type FmapFields,
  fmapFields,
  type GroupFields,
  type InterleavedMap,
  mapOf,
  type SimpleMap,
} from './map.ts'
export {
  type BitReport,
  type BitVerdict,
  buildInitReply,
  buildInitRequest,
  type Claim,
  type Claimed,
  type Collision,
  type ConnectionLimits,
  claimants,
  claimedNumbers,
  claims,
  claimText,
  type Evidence,
  type KernelSide,
  type LibfuseGeneration,
  type LibfuseWants,
  libfuseGenerations,
  type MountSide,
  type Negotiated,
  type Negotiation,
  negotiate,
  offeredFlags,
  type ServerSide,
  type Suggestion,
  settleMessages,
  suggestDialect,
  wholeInitReply,
  wholeInitRequest,
} from './negotiate/index.ts'
export { type Obstacle, type PageSize, pageSize, type TooLarge } from './pages.ts'
export { type PlanDevice, type PlanOptions, plan, tryPlan } from './plan.ts'
export { type DeviceRange, ranges } from './ranges.ts'
export { renderSvg } from './render-svg.ts'
export { renderText } from './render-text.ts'
export type { RenderOptions } from './render-views.ts'
export type { Bare, Filled, Oops, Resolution, Resolved } from './resolve.ts'
export { resolve, resolveIn } from './resolve.ts'
export { type ResolutionJson, type ResolveAnswer, type ResolveRequest, resolutionJson, resolveAnswer } from './resolve-answer.ts'
export { DIVIDE_ERROR, lookUp, type Prepared, prepare } from './resolve-fast.ts'
export { found, type RangeStep, resolveRange } from './resolve-range.ts'
export { type Owner, ownersOf, type ReverseIndex, reverse } from './reverse.ts'
export { type DeviceState, type Devices, type FileState, fileBad, healthy, installed, type ResolvingDialect, type State } from './state.ts'
export { toInterleave, unroll } from './unroll.ts'
export * from './uring/index.ts'
