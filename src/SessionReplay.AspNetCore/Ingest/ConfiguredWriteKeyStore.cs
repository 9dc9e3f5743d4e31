using System.Security.Cryptography;
using System.Text;
using SessionReplay.Ingest;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// The write keys of the configuration. A lookup compares the hash of what was sent with the hashes of all keys, so that its time reveals
/// nothing.
/// </summary>
internal sealed class ConfiguredWriteKeyStore : IWriteKeyStore
{
    private readonly (byte[] Hash, WriteKey Key)[] _keys;

    public ConfiguredWriteKeyStore(IReadOnlyList<TenantOptions> tenants)
    {
        _keys =
        [
            .. from tenant in tenants
               from key in tenant.WriteKeys
               select (SHA256.HashData(Encoding.UTF8.GetBytes(key.Key)),
                   new WriteKey(new TenantId(tenant.Id), [.. key.Origins], Settings(key.Recorder))),
        ];
    }

    public int Count => _keys.Length;

    public ValueTask<WriteKey?> FindAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> text = stackalloc byte[512];
        if (!Encoding.UTF8.TryGetBytes(key, text, out var length))
        {
            return new((WriteKey?)null);
        }

        SHA256.HashData(text[..length], hash);
        WriteKey? found = null;
        foreach (var candidate in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, candidate.Hash))
            {
                found = candidate.Key;
            }
        }

        return new(found);
    }

    private static RecorderSettings Settings(RecorderOptions options) => new()
    {
        Enabled = options.Enabled,
        SampleRate = options.SampleRate,
        MaskAllText = options.MaskAllText,
        RecordNetworkBodies = options.RecordNetworkBodies,
        RecordConsole = options.RecordConsole,
        RecordAssets = options.RecordAssets,
        RespectDoNotTrack = options.RespectDoNotTrack,
    };
}
