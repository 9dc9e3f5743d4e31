using System.Text;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Ciphers;

public sealed class FieldProtectorTests : IDisposable
{
    private static readonly TenantId Shop = new("shop");
    private static readonly byte[] Owner = Guid.CreateVersion7().ToByteArray(bigEndian: true);
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("ada@shop.example");

    private readonly CryptoFixture _crypto = new();
    private readonly SessionRef _session = CryptoFixture.NewSession();

    public void Dispose() => _crypto.Dispose();

    [Fact]
    public async Task Open_SealedField_GivesTheText()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var protector = cipher.Fields;
        var field = protector.Seal("user.email", Owner, Text);

        Assert.Equal(Text, protector.Open("user.email", Owner, field));
        Assert.Equal(-1, field.AsSpan().IndexOf(Text));
        Assert.NotEqual(field, protector.Seal("user.email", Owner, Text));
        Assert.Empty(protector.Open("user.email", Owner, protector.Seal("user.email", Owner, [])));
    }

    [Fact]
    public async Task Open_OtherNameOwnerSessionOrTenant_IsRejected()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        using var sibling = await _crypto.Sessions.GetOrCreateAsync(CryptoFixture.NewSession(), Upload.Secret, default);
        using var namesake = await _crypto.Sessions.GetOrCreateAsync(new(new("blog"), _session.Session), Upload.Secret, default);
        var protector = cipher.Fields;
        var field = protector.Seal("user.email", Owner, Text);

        AssertRejected("C6", () => protector.Open("user.name", Owner, field));
        AssertRejected("C6", () => protector.Open("user.email", Guid.NewGuid().ToByteArray(), field));
        AssertRejected("C6", () => sibling.Fields.Open("user.email", Owner, field));
        AssertRejected("C6", () => namesake.Fields.Open("user.email", Owner, field));
    }

    [Fact]
    public async Task Open_AnyByteChangedOrCut_IsRejected()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var protector = cipher.Fields;
        var field = protector.Seal("user.email", Owner, Text);
        for (var at = 0; at < field.Length; at++)
        {
            var changed = (byte[])field.Clone();
            changed[at] ^= 4;
            AssertRejected(at == 0 ? "C2" : "C6", () => protector.Open("user.email", Owner, changed));
            var length = at;
            AssertRejected(length < 29 ? "C2" : "C6", () => protector.Open("user.email", Owner, field.AsSpan(0, length)));
        }
    }

    [Fact]
    public async Task BlindIndex_SameText_IsTheSameOnlyForTheSameNameAndTenant()
    {
        using var indexer = await _crypto.Tenants.GetBlindIndexerAsync(Shop, default);
        using var other = await _crypto.Tenants.GetBlindIndexerAsync(new("blog"), default);
        var index = indexer.Index("user.email", Text);

        Assert.Equal(16, index.Length);
        Assert.Equal(index, indexer.Index("user.email", Text));
        Assert.NotEqual(index, indexer.Index("user.id", Text));
        Assert.NotEqual(index, indexer.Index("user.email", Text.AsSpan(1)));
        Assert.NotEqual(index, other.Index("user.email", Text));
    }

    [Fact]
    public async Task Seal_TooLongNameOrOwner_Throws()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var protector = cipher.Fields;
        Assert.Throws<ArgumentOutOfRangeException>(() => protector.Seal(new string('a', 65), Owner, Text));
        Assert.Throws<ArgumentOutOfRangeException>(() => protector.Seal("user.email", new byte[65], Text));
    }

    private static void AssertRejected(string rule, Func<byte[]> open) =>
        Assert.Equal(rule, Assert.Throws<FormatRejectedException>(() => _ = open()).Rule);
}
