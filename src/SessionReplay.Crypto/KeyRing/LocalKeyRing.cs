using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.KeyRing;

/// <summary>Wraps data keys with key-encryption keys that lie in a local file (docs/format/v1.md, section 7).</summary>
/// <param name="options">Where the file is.</param>
/// <param name="clock">Dates new keys.</param>
/// <param name="store">The key store, which is asked before a first ring is created; <see langword="null"/> where it cannot list its
/// keys.</param>
internal sealed class LocalKeyRing(IOptions<LocalKeyRingOptions> options, TimeProvider clock, IKeyRotationStore? store)
    : IKeyManagementService, IKeyRingRotation
{
    private const byte Version = 1;
    private const int WrappedSize = 1 + DerivedKey.NonceSize + KeyMaterial.Size + DerivedKey.TagSize;

    private readonly KeyRingFile _file = new(options.Value.Path);
    private readonly Lock _gate = new();
    private KeyRingContent? _content;
    private long _writtenAt;

    public async ValueTask<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken) =>
        (await NewestAsync(cancellationToken).ConfigureAwait(false)).Current;

    public async ValueTask<WrappedKey> WrapAsync(DataKeyId id, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyMaterial.Size);
        var content = await NewestAsync(cancellationToken).ConfigureAwait(false);
        return Wrap(id, key.Span, Find(content, content.Current)!);
    }

    public async ValueTask UnwrapAsync(DataKeyId id, WrappedKey wrapped, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        if (wrapped.Ciphertext.Length != WrappedSize || wrapped.Ciphertext.Span[0] != Version)
        {
            throw new KeyManagementException($"The wrapped key {id} has an unknown form (rule K1).") { IsPermanent = true };
        }

        // Another process may have rotated: the file is read again before the key is called unknown.
        var content = Volatile.Read(ref _content) ?? await LoadAsync(cancellationToken).ConfigureAwait(false);
        var key = Find(content, wrapped.KeyEncryptionKeyId)
            ?? Find(await LoadAsync(cancellationToken).ConfigureAwait(false), wrapped.KeyEncryptionKeyId)
            ?? throw new KeyManagementException(
                $"The key-encryption key '{wrapped.KeyEncryptionKeyId}' of {id} is not in the key ring {_file.Path} (rule K2). {KeyRingFile.Remedy}") { IsPermanent = true };
        Unwrap(id, wrapped.Ciphertext.Span, key, destination.Span);
    }

    public async ValueTask<string> AddKeyAsync(CancellationToken cancellationToken)
    {
        await NewestAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            using var exclusive = _file.Lock();
            var now = _file.Read();
            var added = NewKey();
            _file.Replace(_content = new KeyRingContent(added.Id, [.. now.Keys, added]));
            return added.Id;
        }
    }

    public string? StartOver()
    {
        lock (_gate)
        {
            var broken = _file.RenameBroken();
            if (!_file.Exists)
            {
                _file.TryCreate(NewRing());
            }

            Read();
            return broken;
        }
    }

    private static WrappedKey Wrap(DataKeyId id, ReadOnlySpan<byte> key, KeyRingKey with)
    {
        var wrapped = new byte[WrappedSize];
        wrapped[0] = Version;
        var nonce = wrapped.AsSpan(1, DerivedKey.NonceSize);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> associated = stackalloc byte[MaxAssociated];
        using var cipher = new AesGcm(with.Key, DerivedKey.TagSize);
        cipher.Encrypt(
            nonce, key, wrapped.AsSpan(1 + DerivedKey.NonceSize, KeyMaterial.Size), wrapped.AsSpan(^DerivedKey.TagSize..),
            associated[..WriteAssociated(id, associated)]);
        return new WrappedKey(with.Id, wrapped);
    }

    private static void Unwrap(DataKeyId id, ReadOnlySpan<byte> bytes, KeyRingKey with, Span<byte> destination)
    {
        Span<byte> associated = stackalloc byte[MaxAssociated];
        using var cipher = new AesGcm(with.Key, DerivedKey.TagSize);
        try
        {
            cipher.Decrypt(
                bytes.Slice(1, DerivedKey.NonceSize), bytes.Slice(1 + DerivedKey.NonceSize, KeyMaterial.Size), bytes[^DerivedKey.TagSize..],
                destination[..KeyMaterial.Size], associated[..WriteAssociated(id, associated)]);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new KeyManagementException($"The wrapped key {id} is not authentic (rule K3).", e) { IsPermanent = true };
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

    /// <summary>
    /// What is wrapped must be under the key that is current for all: another process may have rotated since the file was read.
    /// </summary>
    private ValueTask<KeyRingContent> NewestAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _content) is { } content && _file.LastWriteTimeUtc.Ticks == Interlocked.Read(ref _writtenAt)
            ? ValueTask.FromResult(content)
            : LoadAsync(cancellationToken);

    private async ValueTask<KeyRingContent> LoadAsync(CancellationToken cancellationToken)
    {
        if (!_file.Exists)
        {
            // A ring that was there and is gone must not be replaced by a fresh one: every recording would be lost for good.
            if (Volatile.Read(ref _content) is not null || await IsNeededAsync(cancellationToken).ConfigureAwait(false))
            {
                throw _file.Missing();
            }

            _file.TryCreate(NewRing());
        }

        lock (_gate)
        {
            return Read();
        }
    }

    /// <summary>Whether the key store holds keys that only a ring which was there before can unwrap.</summary>
    private async ValueTask<bool> IsNeededAsync(CancellationToken cancellationToken)
    {
        try
        {
            return store is not null
                && (await store.ListNotWrappedByAsync(string.Empty, null, 1, cancellationToken).ConfigureAwait(false)).Count > 0;
        }
        catch (KeyStoreUnavailableException e)
        {
            throw new KeyManagementException(
                $"No key ring was found at {_file.Path}. One is created only if the key store is empty, and the key store is unavailable.",
                e);
        }
    }

    private KeyRingContent Read()
    {
        // The time first: a rotation that comes between the two is then noticed at the next use.
        Interlocked.Exchange(ref _writtenAt, _file.LastWriteTimeUtc.Ticks);
        return _content = _file.Read();
    }

    private KeyRingContent NewRing()
    {
        var first = NewKey();
        return new(first.Id, [first]);
    }

    private KeyRingKey NewKey() =>
        new($"local-{Guid.CreateVersion7(clock.GetUtcNow()):N}", clock.GetUtcNow(), RandomNumberGenerator.GetBytes(KeyMaterial.Size));
}
