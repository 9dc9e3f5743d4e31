namespace SessionReplay;

/// <summary>A SHA-256: names an asset by its content.</summary>
/// <param name="Hex">64 lower-case hex digits.</param>
public readonly record struct ContentHash(string Hex)
{
    /// <summary>Reads a hash from its text.</summary>
    /// <param name="text">64 hex digits, lower case.</param>
    /// <param name="hash">The hash when the result is <see langword="true"/>.</param>
    /// <returns>Whether the text is a hash.</returns>
    public static bool TryParse(string? text, out ContentHash hash)
    {
        hash = text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept("0123456789abcdef") ? new(text) : default;
        return hash.Hex is not null;
    }

    /// <summary>Gets the hash of 32 bytes.</summary>
    /// <param name="bytes">32 bytes.</param>
    /// <returns>The hash.</returns>
    public static ContentHash FromBytes(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, 32);
        return new(Convert.ToHexStringLower(bytes));
    }

    /// <summary>Gets the 32 bytes.</summary>
    /// <returns>The bytes.</returns>
    public byte[] ToBytes() => Convert.FromHexString(Hex);

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
