namespace SessionReplay.Keys;

/// <summary>Makes blind indexes under a tenant's index key (docs/format/v1.md, section 6). Safe for concurrent use.</summary>
public interface IBlindIndexer : IDisposable
{
    /// <summary>
    /// Makes the blind index of a value: equal values of a field have equal indexes within a tenant, and nothing else can be read from it.
    /// </summary>
    /// <param name="name">The field's name.</param>
    /// <param name="plaintext">The value, normalized by the caller.</param>
    /// <returns>16 bytes.</returns>
    byte[] Index(string name, ReadOnlySpan<byte> plaintext);
}
