using System.Net;
using Microsoft.Playwright;
using SessionReplay.Testing;

namespace SessionReplay.EndToEnd;

/// <summary>A visitor's session is deleted by an operator, and is gone.</summary>
[Collection(RecordedShopCollection.Name)]
public sealed class DeletionTests(RecordedShop shop)
{
    [Fact]
    public async Task Delete_InTheConsole_SessionIsGoneAndStaysGone()
    {
        var (id, window) = await RecordAsync();

        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var console = await viewer.NewPageAsync();
        await PlayerPage.OpenAsync(console, id);
        await console.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete…" }).ClickAsync();
        await console.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete for good" }).ClickAsync();
        await WaitUntilGoneAsync(id);

        foreach (var path in new[] { $"tenants/shop/sessions/{id}", $"tenants/shop/sessions/{id}/manifest",
            $"tenants/shop/sessions/{id}/batches?stretch={window}.0-0" })
        {
            using var answer = await shop.Api.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
        }

        // The key goes first, and with it the session; rows and objects follow.
        await Until.HoldsAsync(
            async () =>
                !(await shop.Api.GetAsync("sessions?url=/product/kettle")).GetProperty("sessions").EnumerateArray()
                    .Any(session => session.GetProperty("id").GetString() == id),
            "the end of the session's row");
        await Until.HoldsAsync(
            () => Task.FromResult(
                !Directory.GetFiles(shop.Host.DataFolder, "*", SearchOption.AllDirectories)
                    .Any(file => file.Contains(id, StringComparison.Ordinal))),
            "the end of the session's files");

        // A late batch of the same session does not bring it back.
        using var refused = await SendBatchAsync(id);
        Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
        Assert.Contains("session-deleted", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <returns>The ids of the session and its window.</returns>
    private async Task<(string Id, string Window)> RecordAsync()
    {
        await using var visitor = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var page = await visitor.NewPageAsync();
        await page.GotoAsync("/product/kettle");
        await page.Locator(".buy [data-add]").ClickAsync();
        await page.Locator("#toast").WaitForAsync();
        await page.GotoAsync("about:blank");
        var found =
            await shop.Api.WaitForSessionAsync("url=/product/kettle", session => session.GetProperty("clicks").GetInt32() > 0, "a click");
        var id = found.GetProperty("id").GetString()!;
        var window =
            (await shop.Api.GetAsync($"tenants/shop/sessions/{id}/manifest")).GetProperty("windows")[0].GetProperty("id").GetString()!;
        return (id, window);
    }

    private async Task<HttpResponseMessage> SendBatchAsync(string id)
    {
        using var batch = new ByteArrayContent(Upload.Batch(HostileRecording.Create(
            Guid.ParseExact(id, "N"), Guid.CreateVersion7(), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            shop.Host.Url + "/late", shop.Host.Url)));
        batch.Headers.ContentType = new("text/plain");
        return await shop.Host.Http.PostAsync($"{ReplayApi.Prefix}/v1/batches?key=fjord-and-field-web", batch);
    }

    private Task WaitUntilGoneAsync(string id) => Until.HoldsAsync(
        async () =>
        {
            using var answer = await shop.Api.SendAsync(HttpMethod.Get, $"tenants/shop/sessions/{id}");
            return answer.StatusCode == HttpStatusCode.Gone;
        },
        "the end of the session");
}
