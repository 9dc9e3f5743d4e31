using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Storage;
using SessionReplay.Testing;
using SessionReplay.VectorGenerator;

namespace SessionReplay.Crypto.Tests;

/// <summary>
/// Runs the vectors of docs/format/vectors through the library; those of batches are run by SessionReplay.Pipeline.Tests.
/// </summary>
public sealed class VectorTests
{
    private const int MaxDecompressed = 64 << 20;

    public static TheoryData<string> Chunks => [.. VectorFile.List("chunk")];

    public static TheoryData<string> Recordings => [.. VectorFile.List("recording")];

    public static TheoryData<string> Assets => [.. VectorFile.List("asset")];

    public static TheoryData<string> WrappedKeys => [.. VectorFile.List("wrapped-key")];

    public static TheoryData<string> QueueMessages => [.. VectorFile.List("queue-message")];

    public static TheoryData<string> SealedFields => [.. VectorFile.List("sealed-field")];

    [Fact]
    public void Generator_RunNow_GivesWhatIsCommitted()
    {
        var vectors = Vectors.All();
        Assert.Equal(
            vectors.Select(v => v.FileName).Order(StringComparer.Ordinal),
            Directory.GetFiles(VectorFile.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(vectors, v => Assert.Equal(v.ToText(), File.ReadAllText(Path.Combine(VectorFile.Folder, v.FileName))));
    }

    [Fact]
    public void Vectors_EveryRule_HasACase()
    {
        var rules = VectorFile.List("upload", "batch", "chunk", "recording", "asset", "wrapped-key", "queue-message", "sealed-field")
            .Select(VectorFile.Read).Select(v => $"{v.Kind} {v.Rule ?? "success"}").ToHashSet();
        string[] expected =
        [
            "upload success", "upload U1", "upload U2", "batch success", "chunk success", "recording success", "asset success",
            "wrapped-key success", "queue-message success", "sealed-field success",
            .. Enumerable.Range(1, 9).Where(i => i != 7).Select(i => $"batch B{i}"), .. Enumerable.Range(1, 7).Select(i => $"batch D{i}"),
            .. Enumerable.Range(1, 8).Select(i => $"chunk C{i}"),
            .. Enumerable.Range(1, 7).Select(i => $"asset C{i}"), .. Enumerable.Range(1, 4).Select(i => $"recording R{i}"),
            .. Enumerable.Range(1, 3).Select(i => $"wrapped-key K{i}"), "queue-message Q1", "sealed-field C2", "sealed-field C6",
        ];
        Assert.Equal(expected.Order(), rules.Order());
    }

    [Theory]
    [MemberData(nameof(Chunks))]
    public void Chunk(string file)
    {
        var vector = VectorFile.Read(file);
        Run(vector, () => OpenChunk(vector, vector.Input, Id(vector)));
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Recording(string file)
    {
        var vector = VectorFile.Read(file);
        Run(vector, () =>
        {
            var bytes = vector.Input;
            RecordingIndex.CheckHeader(bytes);
            var (offset, _) = RecordingIndex.ReadFooter(bytes.AsSpan(^RecordingIndex.FooterSize..), bytes.Length);
            var entries = RecordingIndex.ReadTail(bytes.AsSpan((int)offset), bytes.Length);
            foreach (var entry in entries)
            {
                RecordingIndex.CheckChunk(entry, ChunkHeaderCodec.Read(bytes.AsSpan((int)entry.Offset)));
            }

            // What the library writes of the same entries is the same.
            Assert.Equal(bytes[..RecordingIndex.HeaderSize], RecordingIndex.CreateHeader());
            Assert.Equal(bytes[(int)offset..], RecordingIndex.CreateTail(entries));
            Assert.Equal(vector.Number("entries"), entries.Count);
            foreach (var entry in entries)
            {
                OpenChunk(
                    vector, bytes.AsSpan((int)entry.Offset, (int)entry.Length).ToArray(),
                    new(new(vector["tenant"]), Session(vector), entry.Window, entry.Seq),
                    ChunkHeaderCodec.Read(bytes.AsSpan((int)entry.Offset)).SessionStarted);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Assets))]
    public void Asset(string file)
    {
        var vector = VectorFile.Read(file);
        Run(vector, () =>
        {
            using var cipher = new AssetCipher(new(vector["tenant"]), vector.Bytes("asset-key"));
            var payload = new byte[Math.Max(0, vector.Input.Length - AssetHeader.Size - AssetHeader.TagSize)];
            var header = cipher.Open(new(vector["hash"]), vector.Input, payload);
            var content = Content(payload, header.Compression, header.ContentLength);
            Assert.Equal(vector["payload-sha256"], Sha256(payload));
            Assert.Equal(vector["content-sha256"], Sha256(content));
        });
    }

    [Theory]
    [MemberData(nameof(WrappedKeys))]
    public async Task WrappedKey(string file)
    {
        var vector = VectorFile.Read(file);
        using var folder = new TempFolder();
        var path = folder.File("key-ring.json");
        await File.WriteAllTextAsync(path, $$"""
            {"current":"{{vector["kek-id"]}}","keys":[{"id":"{{vector["kek-id"]}}","createdAt":"2026-01-02T03:04:05Z","key":"{{Convert.ToBase64String(vector.Bytes("kek"))}}"}]}
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var ring = new LocalKeyRing(Options.Create(new LocalKeyRingOptions { Path = path }), TimeProvider.System, null);
        var id = new DataKeyId(
            new(vector["tenant"]), (DataKeyPurpose)vector.Number("purpose"), new Guid(vector.Bytes("id"), bigEndian: true));
        var key = new byte[32];
        var unwrap = async () => await ring.UnwrapAsync(id, new(vector["wrapped-by"], vector.Input), key, default);
        if (vector.Rule is { } rule)
        {
            Assert.Contains($"(rule {rule})", (await Assert.ThrowsAsync<KeyManagementException>(unwrap)).Message, StringComparison.Ordinal);
            Assert.All(key, b => Assert.Equal(0, b));
            return;
        }

        await unwrap();
        Assert.Equal(vector.Bytes("data-key"), key);
    }

    [Theory]
    [MemberData(nameof(QueueMessages))]
    public void QueueMessage(string file)
    {
        var vector = VectorFile.Read(file);
        Run(vector, () =>
        {
            var header = QueueMessageHeader.Read(vector.Input);
            Assert.Equal(vector.Number("received-at"), header.ReceivedAt);
            Assert.Equal(vector.Has("blob-key"), header.IsClaimCheck);
            var written = new byte[QueueMessageHeader.PrefixSize];
            header.WritePrefix(written);
            Assert.Equal(vector.Input[..QueueMessageHeader.PrefixSize], written);

            Assert.Equal(vector.Bytes("entry"), vector.Input[QueueMessageHeader.Size..(QueueMessageHeader.Size + header.EntryLength)]);
            var body = vector.Input[(QueueMessageHeader.Size + header.EntryLength)..];
            var chunk = vector.Input[QueueMessageHeader.PrefixSize..QueueMessageHeader.Size];
            if (header.IsClaimCheck)
            {
                var folder = BlobPaths.Session(new(new(vector["tenant"]), Session(vector)), ChunkHeaderCodec.Read(chunk).SessionStarted);
                Assert.Equal(vector["blob-key"], Encoding.UTF8.GetString(body));
                Assert.StartsWith($"{folder}/chunk_", vector["blob-key"], StringComparison.Ordinal);
                BlobKey.ThrowIfInvalid(vector["blob-key"]);
            }
            else
            {
                using var cipher = new SessionCipher(
                    new(new(vector["tenant"]), Session(vector)), ChunkHeaderCodec.Read(chunk).SessionStarted, default,
                    vector.Bytes("session-key"));
                cipher.Open(Id(vector), [.. chunk, .. body], new byte[body.Length - ChunkHeader.TagSize]);
            }
        });
    }

    [Theory]
    [MemberData(nameof(SealedFields))]
    public void SealedField(string file)
    {
        var vector = VectorFile.Read(file);
        Run(vector, () =>
        {
            using var metadata = new MetadataCipher(new(vector["tenant"]), vector.Bytes("metadata-key"));
            using var protector = metadata.OpenFactsKey(Session(vector), vector.Bytes("sealed-facts-key"));
            var plaintext = protector.Open(vector["name"], vector.Bytes("owner"), vector.Input);
            Assert.Equal(vector.Bytes("plaintext"), plaintext);
            Assert.Equal(vector.Bytes("blind-index"), metadata.Index(vector["name"], plaintext));
        });
    }

    private static void Run(VectorFile vector, Action run)
    {
        if (vector.Rule is { } rule)
        {
            Assert.Equal(rule, Assert.Throws<FormatRejectedException>(run).Rule);
        }
        else
        {
            run();
        }
    }

    private static void OpenChunk(VectorFile vector, byte[] chunk, ChunkId id, long? started = null)
    {
        using var cipher = new SessionCipher(
            id.SessionRef, started ?? vector.Number("session-started"), default, vector.Bytes("session-key"));
        var payload = new byte[Math.Max(0, chunk.Length - ChunkHeader.Size - ChunkHeader.TagSize)];
        var header = cipher.Open(id, chunk, payload);
        var batch = Content(payload, header.Compression, header.BatchLength);
        Assert.Equal(vector["batch-sha256"], Sha256(batch));
        if (vector.Has("payload-sha256"))
        {
            Assert.Equal(vector["payload-sha256"], Sha256(payload));
            Assert.Equal(vector.Bytes("commitment"), ChunkHeaderCodec.CommitmentOf(chunk).ToArray());
            Assert.Equal(vector.Bytes("digest"), header.Digest.ToBytes());
            Assert.Equal(header.Digest, cipher.Digest([0, .. SHA256.HashData(batch)]));
            Assert.Equal(vector.Bytes("nonce"), ChunkHeaderCodec.NonceOf(chunk).ToArray());
            Assert.Equal(vector.Number("session-started"), header.SessionStarted);
        }
    }

    // Rule C7, which a reader of the payload checks: the ciphers do not decompress.
    private static byte[] Content(byte[] payload, ChunkCompression compression, uint length)
    {
        try
        {
            using var content = new MemoryStream();
            using Stream source = compression == ChunkCompression.Gzip
                ? new GZipStream(new MemoryStream(payload), CompressionMode.Decompress)
                : new MemoryStream(payload);
            source.CopyTo(content);
            return length <= MaxDecompressed && content.Length == length
                ? content.ToArray()
                : throw new FormatRejectedException("C7", "The length does not match the declared length.");
        }
        catch (InvalidDataException)
        {
            throw new FormatRejectedException("C7", "The payload does not decompress.");
        }
    }

    private static ChunkId Id(VectorFile vector)
    {
        Assert.True(WindowId.TryRead(vector.Bytes("window"), out var window));
        return new(new(vector["tenant"]), Session(vector), window, (uint)vector.Number("seq"));
    }

    private static SessionId Session(VectorFile vector)
    {
        Assert.True(SessionId.TryRead(vector.Bytes("session"), out var session));
        return session;
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
