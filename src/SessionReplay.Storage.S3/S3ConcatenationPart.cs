namespace SessionReplay.Storage.S3;

/// <summary>
/// A part of a multipart upload: a copy inside the store, or bytes gathered here because they are too few for a part of their own
/// (only the last part may be smaller than 5 MiB).
/// </summary>
internal sealed record S3ConcatenationPart(BlobSegment? CopyOf, IReadOnlyList<BlobSegment> Gathered);
