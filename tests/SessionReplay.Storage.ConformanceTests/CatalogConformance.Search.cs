using SessionReplay.Catalog;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Searching sessions.</content>
public abstract partial class CatalogConformance
{
    [SkippableFact]
    public async Task Search_ManyCustomEvents_GivesTheFirstTwentyOfEachSession()
    {
        byte[] names = [.. Enumerable.Range(10, 30).Select(i => (byte)i)];
        var many = await AddAsync(0, new() { CustomEvents = [.. names.Select(Name)] });
        var one = await AddAsync(1, new() { CustomEvents = [Name(39)] });

        var rows = (await SearchAsync(q => q)).Sessions;
        Assert.Equal([one, many], rows.Select(r => r.Session));
        Assert.Equal([[39], names[..20]], rows.Select(r => Names(r.Totals)));
        Assert.Equal(names, Names((await Reader.FindSessionAsync(many, default))!.Totals));
    }

    [SkippableFact]
    public async Task Search_EachFilter_FindsWhatFits()
    {
        var plain = await AddAsync(0, new());
        var error = await AddAsync(1, new() { Errors = 1, Browser = "Chrome 140", Os = "Windows", Device = "desktop" });
        var shop =
            await AddAsync(2, new() { Terms = [Index(10), Index(11)], CustomEvents = [Name(30)], Browser = "Chrome", Device = "mobile" });
        var user =
            await AddAsync(3, new() { User = new(1, new byte[] { 1 }), Terms = [Index(1), Index(2), Index(10)], Browser = "Chromium 9" });

        await AssertFindsAsync(q => q, user, shop, error, plain);
        await AssertFindsAsync(q => q with { HasError = true }, error);
        await AssertFindsAsync(q => q with { HasError = false }, user, shop, plain);
        await AssertFindsAsync(q => q with { Terms = [Index(10)] }, user, shop);
        await AssertFindsAsync(q => q with { Terms = [Index(10), Index(11)] }, shop);
        await AssertFindsAsync(q => q with { Terms = [Index(30)] }, shop);
        await AssertFindsAsync(q => q with { Terms = [Index(2)] }, user);
        await AssertFindsAsync(q => q with { Terms = [Index(3)] });
        await AssertFindsAsync(q => q with { Browser = "Chrome" }, shop, error);
        await AssertFindsAsync(q => q with { Browser = "Chrome 140" }, error);
        await AssertFindsAsync(q => q with { Os = "Windows" }, error);
        await AssertFindsAsync(q => q with { Device = "mobile" }, shop);
        await AssertFindsAsync(q => q with { From = At(1), To = At(3) }, shop, error);
        await AssertFindsAsync(q => q with { MinDuration = TimeSpan.FromMilliseconds(501) });
        await AssertFindsAsync(q => q with { MinDuration = TimeSpan.FromMilliseconds(500) }, user, shop, error, plain);
        await AssertFindsAsync(q => q with { Terms = [Index(10), Index(30)], Browser = "Chrome" }, shop);
        await AssertFindsAsync(q => q with { Browser = "' OR 1=1 --" });
        await AssertFindsAsync(q => q with { Tenant = new("someone-else") });
    }

    [SkippableFact]
    public async Task Search_Pages_GiveEverySessionOnceAlsoAtEqualStarts()
    {
        var all = new List<SessionRef>();
        for (var i = 0; i < 25; i++)
        {
            all.Add(await AddAsync(i / 4, new()));
        }

        var found = new List<SessionRef>();
        SessionCursor? cursor = null;
        do
        {
            var page = await SearchAsync(q => q with { Limit = 7, After = cursor });
            Assert.InRange(page.Sessions.Count, 1, 7);
            found.AddRange(page.Sessions.Select(s => s.Session));
            cursor = page.Next;
            // A session that begins meanwhile is newer and disturbs no later page.
            await AddAsync(1000 + found.Count, new());
        }
        while (cursor is not null);

        Assert.Equal(all.Count, found.Count);
        Assert.Equal(all.ToHashSet(), found.ToHashSet());
    }

    private static byte[] Names(SessionDelta totals) => [.. totals.CustomEvents.Select(name => name.Index.Span[0])];

    private async Task AssertFindsAsync(Func<SessionQuery, SessionQuery> change, params SessionRef[] expected) =>
        Assert.Equal(expected, (await SearchAsync(change)).Sessions.Select(s => s.Session));
}
