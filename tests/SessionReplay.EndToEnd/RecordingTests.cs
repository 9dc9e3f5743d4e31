using System.Text;
using Google.Protobuf;

namespace SessionReplay.EndToEnd;

/// <summary>What of a visit is in the recording, and what must not be in it.</summary>
[Collection(RecordedShopCollection.Name)]
public sealed class RecordingTests(RecordedShop shop)
{
    [Fact]
    public async Task Search_ByUrlAndByUser_FindsTheSession()
    {
        foreach (var query in new[]
        {
            "url=/checkout", $"url={Uri.EscapeDataString(shop.Host.Url + "/product/ridge-4")}",
            $"user={Uri.EscapeDataString(ShopVisit.User)}",
            $"user={Uri.EscapeDataString(ShopVisit.Email.ToUpperInvariant())}", "hasError=true", "event=add_to_cart",
            "url=/cart&event=checkout&hasError=true",
        })
        {
            var found = await shop.Api.GetAsync($"sessions?{query}");
            Assert.Contains(
                found.GetProperty("sessions").EnumerateArray(), session => session.GetProperty("id").GetString() == shop.Session);
        }

        foreach (var query in new[] { "url=/nowhere", "user=Nobody", "event=refund" })
        {
            var found = await shop.Api.GetAsync($"sessions?{query}");
            Assert.DoesNotContain(
                found.GetProperty("sessions").EnumerateArray(), session => session.GetProperty("id").GetString() == shop.Session);
        }
    }

    [Fact]
    public async Task Session_AfterTheVisit_CountsWhatHappened()
    {
        var session = await shop.ReadSessionAsync();

        Assert.Equal(ShopVisit.User, session.GetProperty("user").GetProperty("id").GetString());
        Assert.Equal(ShopVisit.Email, session.GetProperty("user").GetProperty("email").GetString());
        Assert.True(session.GetProperty("errors").GetInt32() >= 2, session.ToString());
        Assert.True(session.GetProperty("failedRequests").GetInt32() >= 2, session.ToString());
        Assert.True(session.GetProperty("clicks").GetInt32() >= 8, session.ToString());
        Assert.True(session.GetProperty("pages").GetInt32() >= 9, session.ToString());
        Assert.Equal(0, session.GetProperty("lostEvents").GetInt32());
        Assert.StartsWith("Chrom", session.GetProperty("browser").GetString(), StringComparison.Ordinal);
        Assert.Equal("Linux", session.GetProperty("os").GetString());
    }

    [Fact]
    public async Task Manifest_AfterTheVisit_HasNoGap()
    {
        var manifest = await shop.Api.GetAsync($"tenants/shop/sessions/{shop.Session}/manifest");

        Assert.All(manifest.GetProperty("windows").EnumerateArray(), window =>
        {
            Assert.Equal(0, window.GetProperty("missing").GetArrayLength());
            Assert.Equal(0, window.GetProperty("chunks")[0].GetProperty("seq").GetInt32());
        });
    }

    [Fact]
    public async Task Batches_OfTheVisit_HoldConsoleNetworkErrorsAndCustomEvents()
    {
        var events = (await shop.Api.ReadBatchesAsync(shop.Session)).SelectMany(batch => batch.Events).ToList();

        Assert.Contains(
            events, e => e.Console?.Args.Any(text => text.Contains("delivery estimate: 500", StringComparison.Ordinal)) == true);
        Assert.Contains(
            events, e => e.Network is { Initiator: "fetch", Status: 404 }
            && e.Network.Url.Contains("/api/vouchers/", StringComparison.Ordinal));
        Assert.Contains(events, e => e.Network is { Initiator: "fetch", Status: 500 });
        Assert.Contains(events, e => e.Network is { Initiator: "xhr", Method: "PUT", Status: 200 });
        Assert.Contains(events, e => e.Error is { Name: "TypeError" });
        Assert.Contains(
            events, e => e.Error is { Source: "unhandledrejection" } && e.Error.Message.Contains("bottom", StringComparison.Ordinal));
        Assert.Contains(events, e => e.Custom?.Name == "add_to_cart");
        Assert.Contains(events, e => e.Performance?.Name == "TTFB");
        Assert.DoesNotContain(events, e => e.Network?.Url.Contains("/session-replay/", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Batches_AsServed_HoldNoCardNumberAndNoPassword()
    {
        var batches = await shop.Api.ReadBatchesAsync(shop.Session);

        Assert.NotEmpty(batches);
        Assert.All(
            batches,
            batch => Assert.Empty(SecretScan.Find(batch.ToByteArray(), ShopVisit.SecurityCode + "\"", "St James", "For the engine")));
        // The masks themselves are there: the fields were recorded.
        Assert.Contains(batches, batch => Encoding.UTF8.GetString(batch.ToByteArray()).Contains("***", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_AfterTheVisit_HoldNoSecretAndNoUserInTheClear()
    {
        // The user, titles and URL queries are sealed too, also in the catalog and the queue; origin and path are searched and are not.
        var found = SecretScan.FindInFolder(shop.Host.DataFolder, ShopVisit.User, ShopVisit.Email, "q=tent", "Fjord");

        Assert.Empty(found);
        Assert.NotEqual(0L, await CatalogFile.RunAsync(shop.Host, "SELECT COUNT(*) FROM chunk_bodies"));
        Assert.NotEmpty(
            (await shop.Api.GetAsync($"tenants/shop/sessions/{shop.Session}/manifest")).GetProperty("windows").EnumerateArray());
    }

    [Fact]
    public async Task Answers_OfThePlaybackApi_HoldNoSecret()
    {
        foreach (var path in new[] { "sessions", $"tenants/shop/sessions/{shop.Session}", $"tenants/shop/sessions/{shop.Session}/manifest",
            "audit", "dead-letters" })
        {
            using var answer = await shop.Api.SendAsync(HttpMethod.Get, path);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            Assert.Empty(SecretScan.Find(await answer.Content.ReadAsByteArrayAsync()));
        }
    }

    [Fact]
    public void Output_OfTheHost_HoldsNoSecretAndNoUser() =>
        Assert.Empty(SecretScan.Find(Encoding.UTF8.GetBytes(shop.Host.Output), ShopVisit.Email, "fail: SessionReplay", "crit:"));
}
