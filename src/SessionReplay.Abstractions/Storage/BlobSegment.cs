namespace SessionReplay.Storage;

/// <summary>A part of an object to be made: either a range of an object that exists or bytes given here.</summary>
public readonly record struct BlobSegment
{
    /// <summary>Takes a range of an object.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">The number of bytes, at least 1.</param>
    public BlobSegment(string key, long offset, long length) => (Key, Offset, Length) = (key, offset, length);

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public BlobSegment(ReadOnlyMemory<byte> bytes) => (Bytes, Length) = (bytes, bytes.Length);

    /// <summary>Gets the key of the object the range is of; <see langword="null"/> when the bytes are given here.</summary>
    public string? Key { get; }

    /// <summary>Gets the first byte of the range.</summary>
    public long Offset { get; }

    /// <summary>Gets the number of bytes.</summary>
    public long Length { get; }

    /// <summary>Gets the bytes, when they are given here.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }
}
