namespace SessionReplay.Storage;

/// <summary>An object in a listing.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="LastModified">When it was written.</param>
public sealed record BlobInfo(string Key, long Length, DateTimeOffset LastModified);
