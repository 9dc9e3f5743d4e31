export { mapCssUrls, visitAssetSlots, type AssetSlot } from './asset-slots.ts';
export { decodeBatch, encodeBatch } from './batch.ts';
export { openChunk, readChunkHeader, type ChunkHeader } from './chunk.ts';
export { gunzip, gzip } from './gzip.ts';
export { bytesToHex, idToBytes, newId } from './ids.ts';
export { ASSET_PREFIX, visitStylesheets } from './stylesheets.ts';
export { visitNodes, type SerializedNode } from './nodes.ts';
export { readRecordingIndex, type RecordingEntry } from './recording.ts';
export type * from './wire.ts';
