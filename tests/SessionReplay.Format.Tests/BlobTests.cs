using SessionReplay.Storage;

namespace SessionReplay.Format.Tests;

public sealed class BlobTests
{
    private static readonly SessionRef Session = new(new("shop"), new(Guid.Parse("019b7c5a-102e-7e5c-bfc0-12f45ec2e081")));

    [Fact]
    public void BlobPaths_OfASession_AreThoseOfTheFormat()
    {
        // 2026-01-02T03:04:00Z
        const long Started = 1_767_323_040_000;
        const string Base = "shop/2026/01/02/session_019b7c5a102e7e5cbfc012f45ec2e081";
        var name = Guid.Parse("019b7c5a-0000-7000-8000-000000000001");

        Assert.Equal($"{Base}/chunk_019b7c5a000070008000000000000001.bin", BlobPaths.Chunk(Session, Started, name));
        Assert.Equal($"{Base}_3_part.bin", BlobPaths.Part(Session, Started, 3));
        Assert.Equal($"{Base}_encrypted.bin", BlobPaths.Recording(Session, Started, 1));
        Assert.Equal($"{Base}_2_encrypted.bin", BlobPaths.Recording(Session, Started, 2));
        Assert.All(
            [BlobPaths.Chunk(Session, Started, Guid.Empty), BlobPaths.Part(Session, Started, 1), BlobPaths.Recording(Session, Started, 1),
            BlobPaths.Recording(Session, Started, 12)],
            key => Assert.StartsWith(BlobPaths.Session(Session, Started), key, StringComparison.Ordinal));
        Assert.All(
            [BlobPaths.Recording(Session, Started, 1), BlobPaths.Recording(Session, Started, 12), BlobPaths.Part(Session, Started, 12)],
            key => Assert.StartsWith(BlobPaths.Written(Session, Started), key, StringComparison.Ordinal));
        Assert.False(
            BlobPaths.Chunk(Session, Started, name).StartsWith(BlobPaths.Written(Session, Started), StringComparison.Ordinal));
        var asset = BlobPaths.Asset(new("shop"), new Guid("019b7c5a-102e-7e5c-bfc0-12f45ec2e0ab"));
        Assert.Equal("shop/assets/ab/019b7c5a102e7e5cbfc012f45ec2e0ab.bin", asset);
        Assert.All(
            [BlobPaths.Chunk(Session, Started, name), BlobPaths.Part(Session, Started, 1), BlobPaths.Recording(Session, Started, 1), asset],
            BlobKey.ThrowIfInvalid);
    }

    [Fact]
    public void BlobPaths_TryReadSession_ReadsWhatTheOthersWrite()
    {
        const long Started = 1_767_323_040_000;
        foreach (var key in new[] { BlobPaths.Chunk(Session, Started, Guid.Empty), BlobPaths.Part(Session, Started, 1),
            BlobPaths.Recording(Session, Started, 1),
            BlobPaths.Recording(Session, Started, 2) })
        {
            Assert.StartsWith(BlobPaths.Day(new("shop"), new(2026, 1, 2)), key, StringComparison.Ordinal);
            Assert.True(BlobPaths.TryReadSession(key, out var session));
            Assert.Equal(Session.Session, session);
        }

        foreach (var key in new[]
        {
            string.Empty, "shop/2026/01/02/session_", "shop/2026/01/02/session_019b7c5a102e7e5cbfc012f45ec2e081",
            "shop/2026/01/02/session_xyz/part_1.bin",
            "session_019b7c5a102e7e5cbfc012f45ec2e081/a", BlobPaths.Asset(new("shop"), Guid.Empty),
        })
        {
            Assert.False(BlobPaths.TryReadSession(key, out _), key);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    public void BlobKey_Invalid_IsRefused(string key) => Assert.Throws<ArgumentException>(() => BlobKey.ThrowIfInvalid(key));

    [Fact]
    public void BlobKey_TooLong_IsRefused()
    {
        BlobKey.ThrowIfInvalid(new string('a', BlobKey.MaxLength));
        Assert.Throws<ArgumentException>(() => BlobKey.ThrowIfInvalid(new string('a', BlobKey.MaxLength + 1)));
    }
}
