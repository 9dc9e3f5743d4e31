using System.Diagnostics.CodeAnalysis;

namespace SessionReplay.Catalog;

/// <summary>Where the bytes of a chunk lie: in the catalog while its session arrives, then in an object.</summary>
/// <param name="BlobKey">The object; <see langword="null"/> when the catalog holds the bytes.</param>
/// <param name="Offset">The first byte in the object; 0 in the catalog.</param>
/// <param name="Length">The size of the chunk in bytes.</param>
public readonly record struct ChunkLocation(string? BlobKey, long Offset, long Length)
{
    /// <summary>Gets whether the catalog holds the bytes (<see cref="ICatalogReader.ReadBodiesAsync"/>).</summary>
    [MemberNotNullWhen(false, nameof(BlobKey))]
    public bool IsInCatalog => BlobKey is null;

    /// <summary>Makes the location of a chunk whose bytes the catalog holds.</summary>
    /// <param name="length">The size of the chunk in bytes.</param>
    /// <returns>The location.</returns>
    public static ChunkLocation InCatalog(long length) => new(null, 0, length);
}
