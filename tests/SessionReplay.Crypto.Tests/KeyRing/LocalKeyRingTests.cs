using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.KeyRing;

public sealed class LocalKeyRingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DataKeyId _id = DataKeyId.OfSession(CryptoFixture.NewSession());
    private readonly MemoryKeyStore _store = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private string RingPath => _folder.File("ring/key-ring.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wrap_ThenUnwrapByAnotherInstance_GivesTheKey()
    {
        var wrapped = await Ring().WrapAsync(_id, _key, default);
        Assert.Equal(61, wrapped.Ciphertext.Length);
        Assert.Equal(-1, wrapped.Ciphertext.Span.IndexOf(_key));
        Assert.Equal(_key, await UnwrapAsync(Ring(), wrapped));
    }

    [SkippableFact]
    public async Task GetCurrentKeyId_FirstStart_MakesAFileForItsOwnerAlone()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var current = await Ring().GetCurrentKeyIdAsync(default);

        Assert.StartsWith("local-", current, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode());
        Assert.Equal([RingPath], Directory.GetFileSystemEntries(Path.GetDirectoryName(RingPath)!));
    }

    [SkippableTheory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    public async Task GetCurrentKeyId_FileThatOthersMayRead_IsRefusedWithTheRemedy(UnixFileMode others)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await Ring().GetCurrentKeyIdAsync(default);
        SetMode(Mode() | others);

        var error = await Assert.ThrowsAsync<KeyManagementException>(async () => await Ring().GetCurrentKeyIdAsync(default));

        Assert.Contains($"chmod 600 '{RingPath}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetCurrentKeyId_ManyFirstStartsAtOnce_AllUseOneKey()
    {
        for (var round = 0; round < 20; round++)
        {
            var path = _folder.File($"{round}/key-ring.json");
            using var start = new Barrier(2);
            var ids = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    var ring = Ring(path);
                    start.SignalAndWait();
                    return ring.GetCurrentKeyIdAsync(default).AsTask();
                },
                default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

            Assert.Equal(ids[0], ids[1]);
            Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
        }
    }

    [SkippableFact]
    public async Task AddKey_OtherInstanceRunning_ItReadsTheRingAgain()
    {
        var running = Ring();
        var before = await running.WrapAsync(_id, _key, default);
        var rotating = Ring();
        var added = await rotating.AddKeyAsync(default);
        var after = await rotating.WrapAsync(_id, _key, default);

        Assert.Equal(added, after.KeyEncryptionKeyId);
        Assert.NotEqual(added, before.KeyEncryptionKeyId);
        Assert.Equal(_key, await UnwrapAsync(running, after));
        Assert.Equal(added, await running.GetCurrentKeyIdAsync(default));
        Assert.Equal(_key, await UnwrapAsync(Ring(), before));
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode());
    }

    [Fact]
    public async Task AddKey_ManyAtOnce_NoneIsLost()
    {
        var ring = Ring();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await ring.AddKeyAsync(default))));
        Assert.Equal(9, new KeyRingFile(RingPath).Read().Keys.Count);
    }

    [Fact]
    public async Task AddKey_AnotherProcessRotates_SaysSo()
    {
        var ring = Ring();
        await ring.GetCurrentKeyIdAsync(default);
        await using var rotating = new FileStream($"{RingPath}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var error = await Assert.ThrowsAsync<KeyManagementException>(async () => await ring.AddKeyAsync(default));

        Assert.StartsWith($"Another process is rotating the key ring {RingPath}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetCurrentKeyId_AKeyThatIsNotCurrentIsDamaged_IsRefused()
    {
        var damaged = (await Ring().GetCurrentKeyIdAsync(default), await Ring().AddKeyAsync(default)).Item1;
        var ring = JsonNode.Parse(await File.ReadAllTextAsync(RingPath))!;
        var key = ring["keys"]!.AsArray().Single(key => key!["id"]!.GetValue<string>() == damaged)!;
        key["key"] = Convert.ToBase64String(_key[..31]);
        await File.WriteAllTextAsync(RingPath, ring.ToJsonString());

        var error = await Assert.ThrowsAsync<KeyManagementException>(async () => await Ring().GetCurrentKeyIdAsync(default));

        Assert.StartsWith($"The key ring {RingPath} holds no current key of 32 bytes.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unwrap_WrongLengthOrVersion_IsRejectedByK1()
    {
        var wrapped = await Ring().WrapAsync(_id, _key, default);
        var bytes = wrapped.Ciphertext.ToArray();
        await AssertRejectedAsync("K1", wrapped with { Ciphertext = bytes[..^1] });
        await AssertRejectedAsync("K1", wrapped with { Ciphertext = (byte[])[.. bytes, 0] });
        await AssertRejectedAsync("K1", wrapped with { Ciphertext = (byte[])[2, .. bytes[1..]] });
    }

    [Fact]
    public async Task Unwrap_UnknownKey_IsRejectedByK2()
    {
        var wrapped = await Ring().WrapAsync(_id, _key, default);
        await AssertRejectedAsync("K2", wrapped with { KeyEncryptionKeyId = "local-gone" });
    }

    [Fact]
    public async Task Unwrap_AnyBitFlippedOrAnotherId_IsRejectedByK3()
    {
        var wrapped = await Ring().WrapAsync(_id, _key, default);
        for (var at = 1; at < wrapped.Ciphertext.Length; at++)
        {
            var bytes = wrapped.Ciphertext.ToArray();
            bytes[at] ^= 0x10;
            await AssertRejectedAsync("K3", wrapped with { Ciphertext = bytes });
        }

        await AssertRejectedAsync("K3", wrapped, _id with { Id = Guid.CreateVersion7() });
        await AssertRejectedAsync("K3", wrapped, _id with { Tenant = new("blog") });
        await AssertRejectedAsync("K3", wrapped, _id with { Purpose = DataKeyPurpose.Asset });
    }

    [Fact]
    public async Task Unwrap_FileIsGone_IsNotReplacedByAFreshOne()
    {
        var ring = Ring();
        var wrapped = await ring.WrapAsync(_id, _key, default);
        File.Delete(RingPath);

        await Assert.ThrowsAsync<KeyManagementException>(
            async () => await ring.UnwrapAsync(_id, wrapped with { KeyEncryptionKeyId = "local-other" }, new byte[32], default));

        Assert.False(File.Exists(RingPath));
    }

    [Fact]
    public async Task GetCurrentKeyId_FileIsMissingAndKeysAreStored_IsNotReplacedAndSaysHowToGoOn()
    {
        var wrapped = await Ring().WrapAsync(_id, _key, default);
        await _store.GetOrAddAsync(new(_id, wrapped, DateTimeOffset.UnixEpoch), default);
        File.Delete(RingPath);

        var error = await Assert.ThrowsAsync<KeyManagementException>(async () => await Ring().GetCurrentKeyIdAsync(default));

        Assert.Contains(RingPath, error.Message, StringComparison.Ordinal);
        Assert.Contains("start-over", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(RingPath));
    }

    [Fact]
    public async Task GetCurrentKeyId_FileIsMissingAndAllKeysAreDeleted_CreatesARing()
    {
        var wrapped = await Ring().WrapAsync(_id, _key, default);
        await _store.GetOrAddAsync(new(_id, wrapped, DateTimeOffset.UnixEpoch), default);
        await _store.DeleteAsync(_id, default);
        File.Delete(RingPath);

        Assert.NotEqual(wrapped.KeyEncryptionKeyId, await Ring().GetCurrentKeyIdAsync(default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"current":"a","keys":[null]}""")]
    [InlineData("""{"current":"a","keys":[{"id":"a","createdAt":"2026-01-02T03:04:05Z","key":null}]}""")]
    [InlineData("{}")]
    [InlineData("""{"current":"a","keys":[]}""")]
    [InlineData("""{"current":"a","keys":[{"id":"b","createdAt":"2026-01-02T03:04:05Z","key":"AAAA"}]}""")]
    public async Task GetCurrentKeyId_DamagedFile_SaysWhichAndIsLeftAlone(string content)
    {
        await Ring().GetCurrentKeyIdAsync(default);
        await File.WriteAllTextAsync(RingPath, content);

        var error = await Assert.ThrowsAsync<KeyManagementException>(async () => await Ring().GetCurrentKeyIdAsync(default));

        Assert.Contains(RingPath, error.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(RingPath));
    }

    private static async Task<byte[]> UnwrapAsync(LocalKeyRing ring, WrappedKey wrapped, DataKeyId id)
    {
        var key = new byte[32];
        await ring.UnwrapAsync(id, wrapped, key, default);
        return key;
    }

    private Task<byte[]> UnwrapAsync(LocalKeyRing ring, WrappedKey wrapped) => UnwrapAsync(ring, wrapped, _id);

    private async Task AssertRejectedAsync(string rule, WrappedKey wrapped, DataKeyId? id = null) => Assert.Contains(
        $"(rule {rule})", (await Assert.ThrowsAsync<KeyManagementException>(() => UnwrapAsync(Ring(), wrapped, id ?? _id))).Message,
        StringComparison.Ordinal);

    private LocalKeyRing Ring(string? path = null) =>
        new(Options.Create(new LocalKeyRingOptions { Path = path ?? RingPath }), TimeProvider.System, _store);

    private UnixFileMode Mode() => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(RingPath);

    private void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(RingPath, mode);
        }
    }
}
