using SessionReplay.Format;

namespace SessionReplay.Keys;

/// <summary>Seals single values under a tenant's metadata key, and makes blind indexes of them (docs/format/v1.md, section 6). Safe for concurrent use.</summary>
public interface IFieldProtector : IDisposable
{
    /// <summary>Seals a value.</summary>
    /// <param name="name">The field's name, ASCII, for instance <c>user.id</c>.</param>
    /// <param name="owner">What the field belongs to, for instance the 16 bytes of the session id.</param>
    /// <param name="plaintext">The value.</param>
    /// <returns>The sealed field, 29 bytes longer than the value.</returns>
    byte[] Seal(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> plaintext);

    /// <summary>Opens a sealed field.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="owner">What the field belongs to.</param>
    /// <param name="sealedField">The sealed field.</param>
    /// <returns>The value.</returns>
    /// <exception cref="FormatRejectedException">The field is not authentic under this name, owner and tenant.</exception>
    byte[] Open(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> sealedField);

    /// <summary>Makes the blind index of a value: equal values of a field have equal indexes within a tenant, and nothing else can be read from it.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="plaintext">The value, normalized by the caller.</param>
    /// <returns>16 bytes.</returns>
    byte[] BlindIndex(string name, ReadOnlySpan<byte> plaintext);
}
