using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.Player.Components;

namespace SessionReplay.Player.Tests.Components;

public sealed class ComponentTests
{
    [Fact]
    public async Task SessionReplayList_Defaults_RendersTheElementAndItsScript()
    {
        var html = await RenderAsync<SessionReplayList>([]);

        Assert.Contains(
            $"<script type=\"module\" src=\"{PlayerAssets.ScriptPath}\" integrity=\"{HtmlEncoder.Default.Encode(PlayerAssets.ScriptIntegrity)}\">", html, StringComparison.Ordinal);
        Assert.Contains(
            "<session-replay-list api=\"/session-replay/api\" href=\"/session-replay/tenants/{tenant}/sessions/{id}\">", html,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task SessionReplayPlayer_Parameters_ArePassedOn()
    {
        var html = await RenderAsync<SessionReplayPlayer>(new()
        {
            [nameof(SessionReplayPlayer.Tenant)] = "shop",
            [nameof(SessionReplayPlayer.Session)] = "0199",
            [nameof(SessionReplayPlayer.Prefix)] = "/replay",
            [nameof(SessionReplayPlayer.Back)] = "/list",
            ["class"] = "replay",
        });

        Assert.Contains(
            "<session-replay-player api=\"/replay/api\" tenant=\"shop\" session=\"0199\" back=\"/list\" class=\"replay\">", html,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Components_ApplicationBelowAPath_LeadBelowIt()
    {
        var list = await RenderAsync<SessionReplayList>([], "/app/");
        var player =
            await RenderAsync<SessionReplayPlayer>(
                new() { [nameof(SessionReplayPlayer.Tenant)] = "shop", [nameof(SessionReplayPlayer.Session)] = "0199" }, "/app/");

        Assert.Contains($"src=\"/app{PlayerAssets.ScriptPath}\"", list, StringComparison.Ordinal);
        Assert.Contains(
            "api=\"/app/session-replay/api\" href=\"/app/session-replay/tenants/{tenant}/sessions/{id}\"", list, StringComparison.Ordinal);
        Assert.Contains($"src=\"/app{PlayerAssets.ScriptPath}\"", player, StringComparison.Ordinal);
        Assert.Contains("api=\"/app/session-replay/api\"", player, StringComparison.Ordinal);
    }

    private static async Task<string> RenderAsync<TComponent>(Dictionary<string, object?> parameters, string pathBase = "/")
        where TComponent : IComponent
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton<NavigationManager>(new Place(pathBase))
            .BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    private sealed class Place : NavigationManager
    {
        public Place(string pathBase) => Initialize($"https://shop.example{pathBase}", $"https://shop.example{pathBase}replays");
    }
}
