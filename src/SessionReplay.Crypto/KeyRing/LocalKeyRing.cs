using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.KeyRing;

/// <summary>Wraps data keys with key-encryption keys that lie in a local file (docs/format/v1.md, section 7).</summary>
internal sealed class LocalKeyRing(IOptions<LocalKeyRingOptions> options, TimeProvider clock) : IKeyManagementService, IKeyRingRotation
{
    private const byte Version = 1;
    private const int WrappedSize = 1 + DerivedKey.NonceSize + KeyMaterial.Size + DerivedKey.TagSize;

    private readonly KeyRingFile _file = new(options.Value.Path);
    private readonly Lock _gate = new();
    private KeyRingContent? _content;
    private long _writtenAt;

    public ValueTask<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Newest().Current);

    public ValueTask<WrappedKey> WrapAsync(DataKeyId id, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyMaterial.Size);
        var content = Newest();
        var wrapped = new byte[WrappedSize];
        wrapped[0] = Version;
        var nonce = wrapped.AsSpan(1, DerivedKey.NonceSize);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> associated = stackalloc byte[MaxAssociated];
        using var cipher = new AesGcm(Find(content, content.Current)!.Key, DerivedKey.TagSize);
        cipher.Encrypt(
            nonce, key.Span, wrapped.AsSpan(1 + DerivedKey.NonceSize, KeyMaterial.Size), wrapped.AsSpan(^DerivedKey.TagSize..),
            associated[..WriteAssociated(id, associated)]);
        return ValueTask.FromResult(new WrappedKey(content.Current, wrapped));
    }

    public ValueTask UnwrapAsync(DataKeyId id, WrappedKey wrapped, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        var bytes = wrapped.Ciphertext.Span;
        if (bytes.Length != WrappedSize || bytes[0] != Version)
        {
            throw new KeyManagementException($"The wrapped key {id} has an unknown form (rule K1).") { IsPermanent = true };
        }

        // Another process may have rotated: the file is read again before the key is called unknown.
        var key = Find(Content(), wrapped.KeyEncryptionKeyId) ?? Find(Reload(), wrapped.KeyEncryptionKeyId)
            ?? throw new KeyManagementException(
                $"The key-encryption key '{wrapped.KeyEncryptionKeyId}' of {id} is not in the key ring (rule K2). Restore the key ring from a backup.") { IsPermanent = true };
        Span<byte> associated = stackalloc byte[MaxAssociated];
        using var cipher = new AesGcm(key.Key, DerivedKey.TagSize);
        try
        {
            cipher.Decrypt(
                bytes.Slice(1, DerivedKey.NonceSize), bytes.Slice(1 + DerivedKey.NonceSize, KeyMaterial.Size), bytes[^DerivedKey.TagSize..],
                destination.Span[..KeyMaterial.Size], associated[..WriteAssociated(id, associated)]);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new KeyManagementException($"The wrapped key {id} is not authentic (rule K3).", e) { IsPermanent = true };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<string> AddKeyAsync(CancellationToken cancellationToken)
    {
        Newest();
        lock (_gate)
        {
            using var exclusive = _file.Lock();
            var now = _file.Read();
            var added = NewKey();
            _file.Replace(_content = new KeyRingContent(added.Id, [.. now.Keys, added]));
            return ValueTask.FromResult(added.Id);
        }
    }

    /// <summary>Purpose, tenant's length, tenant and id.</summary>
    private const int MaxAssociated = 1 + 1 + TenantId.MaxLength + 16;

    private static int WriteAssociated(DataKeyId id, Span<byte> destination)
    {
        destination[0] = (byte)id.Purpose;
        var length = Encoding.ASCII.GetBytes(id.Tenant.Value, destination[2..]);
        destination[1] = (byte)length;
        id.Id.TryWriteBytes(destination[(2 + length)..], bigEndian: true, out _);
        return 2 + length + 16;
    }

    private static KeyRingKey? Find(KeyRingContent content, string id)
    {
        foreach (var key in content.Keys)
        {
            if (key.Id == id)
            {
                return key;
            }
        }

        return null;
    }

    private KeyRingContent Content() => Volatile.Read(ref _content) ?? Reload();

    /// <summary>What is wrapped must be under the key that is current for all: another process may have rotated since the file was read.</summary>
    private KeyRingContent Newest() =>
        Volatile.Read(ref _content) is { } content && _file.LastWriteTimeUtc.Ticks == Interlocked.Read(ref _writtenAt) ? content : Reload();

    private KeyRingContent Reload()
    {
        lock (_gate)
        {
            if (!_file.Exists)
            {
                if (_content is not null)
                {
                    // A ring that was there and is gone must not be replaced by a fresh one: every recording would be lost for good.
                    throw new KeyManagementException("The key ring's file is gone. Restore it from a backup; do not start without it.");
                }

                var first = NewKey();
                _file.TryCreate(new KeyRingContent(first.Id, [first]));
            }

            // The time first: a rotation that comes between the two is then noticed at the next use.
            Interlocked.Exchange(ref _writtenAt, _file.LastWriteTimeUtc.Ticks);
            return _content = _file.Read();
        }
    }

    private KeyRingKey NewKey() =>
        new($"local-{Guid.CreateVersion7(clock.GetUtcNow()):N}", clock.GetUtcNow(), RandomNumberGenerator.GetBytes(KeyMaterial.Size));
}
