using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SessionReplay;

/// <summary>
/// Names a window: one page load in one tab within a session, with its own sequence of batches.
/// </summary>
/// <param name="Value">A UUIDv7; its text form here is 32 lower-case hex digits.</param>
public readonly record struct WindowId(Guid Value)
{
    /// <summary>Creates a new id that no one can guess: 74 of its bits are random.</summary>
    /// <param name="clock">Gives the time in the id.</param>
    /// <returns>The id.</returns>
    public static WindowId Create(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new(Guid.CreateVersion7(clock.GetUtcNow()));
    }

    /// <summary>Reads an id from its 16 bytes in network order.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="id">The id when the result is <see langword="true"/>.</param>
    /// <returns>Whether the bytes are a UUIDv7.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WindowId id)
    {
        id = bytes.Length == 16 ? new(new Guid(bytes, bigEndian: true)) : default;
        return id.IsValid;
    }

    /// <summary>Reads an id from its text: 32 hex digits, with or without hyphens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="id">The id when the result is <see langword="true"/>.</param>
    /// <returns>Whether the text is a UUIDv7.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out WindowId id)
    {
        id = Guid.TryParseExact(text, "N", out var guid) || Guid.TryParseExact(text, "D", out guid) ? new(guid) : default;
        return id.IsValid;
    }

    /// <summary>Gets whether the value is a UUIDv7 (version 7, variant 10).</summary>
    public bool IsValid => Value.Version == 7 && (Value.Variant & 0b1100) == 0b1000;

    /// <summary>Writes the 16 bytes in network order.</summary>
    /// <param name="destination">At least 16 bytes.</param>
    public void Write(Span<byte> destination) => Value.TryWriteBytes(destination, bigEndian: true, out _);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N", CultureInfo.InvariantCulture);
}
