using System.Text.Json;
using SessionReplay.Testing;

namespace SessionReplay.EndToEnd;

/// <summary>A shop in which one visitor has been: recorded once, looked at by many tests.</summary>
public sealed class RecordedShop : IAsyncLifetime
{
    private Chromium? _chromium;
    private ReferenceHost? _host;
    private readonly ShopVisit _visit = new();

    internal Chromium Chromium => _chromium!;

    internal ReferenceHost Host => _host!;

    internal ReplayApi Api => new(Host.Http);

    internal IReadOnlyList<Moment> Moments => _visit.Moments;

    /// <summary>The session's id.</summary>
    internal string Session { get; private set; } = string.Empty;

    internal List<string> Posts { get; } = [];

    public async Task InitializeAsync()
    {
        Peer.Require("/usr/bin/chromium", "apt-get install -y chromium");
        _host = await ReferenceHost.StartAsync();
        _chromium = await Chromium.StartAsync();
        await using (var visitor = await Chromium.NewVisitorAsync(Host.Url))
        {
            var page = await visitor.NewPageAsync();
            page.Request += (_, request) =>
            {
                if (request.Url.Contains("/session-replay/v1/", StringComparison.Ordinal))
                {
                    lock (Posts)
                    {
                        Posts.Add(request.Url);
                    }
                }
            };
            await _visit.MakeAsync(page);
            // The page is left as visitors leave it; what was not sent yet goes out on the way, and would not if the browser ended at once.
            await page.GotoAsync("about:blank");
            var session = await Api.WaitForSessionAsync("url=/checkout", IsWhole, "all its windows, errors, requests, clicks and its user");
            Session = session.GetProperty("id").GetString()!;
        }
    }

    private bool IsWhole(JsonElement session)
    {
        int Count(string name) => session.GetProperty(name).GetInt32();
        return Count("windows") >= _visit.Moments.Select(moment => moment.Url).Distinct().Count()
            && Count("errors") >= 2 && Count("failedRequests") >= 2 && Count("clicks") >= 8 && Count("pages") >= 9
            && session.GetProperty("user").ValueKind == JsonValueKind.Object;
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>Reads the session as the list shows it.</summary>
    internal async Task<JsonElement> ReadSessionAsync() => (await Api.GetAsync($"tenants/shop/sessions/{Session}")).GetProperty("session");
}
