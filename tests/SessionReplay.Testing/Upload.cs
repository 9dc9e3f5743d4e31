using System.Buffers.Binary;

namespace SessionReplay.Testing;

/// <summary>Frames batches as a recorder does (docs/format/v1.md, section 2.1).</summary>
public static class Upload
{
    /// <summary>The secret of every session of the tests that is not about secrets.</summary>
    public static byte[] DefaultSecret { get; } = "a secret of tests"u8[..SessionSecret.Size].ToArray();

    /// <summary>The same as the key store knows it.</summary>
    public static SessionSecret Secret { get; } = new(DefaultSecret);

    /// <summary>Gives the body of an upload of an asset, or without content that of a request to forget.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> content, byte[]? secret = null) => [.. "SRU1"u8, .. secret ?? DefaultSecret, .. content];

    /// <summary>Gives the body of an upload of one batch.</summary>
    public static byte[] Batch(ReadOnlySpan<byte> batch, byte[]? secret = null) => Frame(Item(batch), secret);

    /// <summary>Gives the body of an upload of batches.</summary>
    public static byte[] Batches(IEnumerable<byte[]> batches, byte[]? secret = null) =>
        Frame(batches.SelectMany(static batch => Item(batch)).ToArray(), secret);

    private static byte[] Item(ReadOnlySpan<byte> batch)
    {
        var item = new byte[sizeof(uint) + batch.Length];
        BinaryPrimitives.WriteUInt32BigEndian(item, (uint)batch.Length);
        batch.CopyTo(item.AsSpan(sizeof(uint)));
        return item;
    }
}
