using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class ConfiguredWriteKeyStoreTests
{
    [Fact]
    public async Task Find_KnownAndUnknownKeys_TenantOrNothing()
    {
        var store = new ConfiguredWriteKeyStore(
        [
            new() { Id = "a", WriteKeys = { new WriteKeyOptions { Key = "key-of-a-1" }, new WriteKeyOptions { Key = "key-of-a-2" } } },
            new() { Id = "b", WriteKeys = { new WriteKeyOptions { Key = "key-of-b-1" } } },
        ]);

        Assert.Equal("a", (await store.FindAsync("key-of-a-2", default))!.Tenant.Value);
        Assert.Equal("b", (await store.FindAsync("key-of-b-1", default))!.Tenant.Value);
        foreach (var unknown in new[] { "", "key-of-a-", "key-of-a-11", "KEY-OF-A-1", new string('x', 5000) })
        {
            Assert.Null(await store.FindAsync(unknown, default));
        }
    }
}
