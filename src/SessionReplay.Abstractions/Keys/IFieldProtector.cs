
namespace SessionReplay.Keys;

/// <summary>
/// Seals single values of one session under its facts key, which dies with the session (docs/format/v1.md, section 6). Safe for concurrent
/// use.
/// </summary>
public interface IFieldProtector
{
    /// <summary>Seals a value.</summary>
    /// <param name="name">The field's name, ASCII, at most 64 characters, for instance <c>session.user</c>.</param>
    /// <param name="owner">What the field belongs to, at most 64 bytes, for instance the 16 bytes of the session id.</param>
    /// <param name="plaintext">The value.</param>
    /// <returns>The sealed field, 29 bytes longer than the value.</returns>
    byte[] Seal(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> plaintext);

    /// <summary>Opens a sealed field.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="owner">What the field belongs to.</param>
    /// <param name="sealedField">The sealed field.</param>
    /// <returns>The value.</returns>
    /// <exception cref="FormatRejectedException">The field is not authentic under this name, owner and session.</exception>
    byte[] Open(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> sealedField);
}
