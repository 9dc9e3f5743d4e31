namespace SessionReplay.Testing;

/// <summary>Frames batches as a recorder does (docs/format/v1.md, section 2.1).</summary>
public static class Upload
{
    /// <summary>The secret of every session of the tests that is not about secrets.</summary>
    public static byte[] DefaultSecret { get; } = "a secret of tests"u8[..SessionSecret.Size].ToArray();

    /// <summary>The same as the key store knows it.</summary>
    public static SessionSecret Secret { get; } = new(DefaultSecret);

    /// <summary>Gives the body of an upload.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> batch, byte[]? secret = null) => [.. "SRU1"u8, .. secret ?? DefaultSecret, .. batch];
}
