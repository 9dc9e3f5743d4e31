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

        Assert.Contains($"<script type=\"module\" src=\"{PlayerAssets.ScriptPath}\" integrity=\"{HtmlEncoder.Default.Encode(PlayerAssets.ScriptIntegrity)}\">", html, StringComparison.Ordinal);
        Assert.Contains("<session-replay-list api=\"/session-replay/api\" href=\"/session-replay/tenants/{tenant}/sessions/{id}\">", html, StringComparison.Ordinal);
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
            ["style"] = "height: 80vh",
        });

        Assert.Contains("<session-replay-player api=\"/replay/api\" tenant=\"shop\" session=\"0199\" back=\"/list\" style=\"height: 80vh\">", html, StringComparison.Ordinal);
    }

    private static async Task<string> RenderAsync<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
