using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SessionReplay.Player.TagHelpers;

namespace SessionReplay.Player.Tests.TagHelpers;

public sealed class TagHelperTests
{
    private readonly ViewContext _view = new() { HttpContext = new DefaultHttpContext { Request = { PathBase = "/app" } } };

    [Fact]
    public void Process_ListAndPlayerOnOnePage_WriteTheScriptOnce()
    {
        var list = Run(new SessionReplayListTagHelper { ViewContext = _view, Nonce = "n+1" }, "session-replay-list");
        var player = Run(
            new SessionReplayPlayerTagHelper { ViewContext = _view, Tenant = "shop", Session = "0199" }, "session-replay-player");

        Assert.Contains($"src=\"/app{PlayerAssets.ScriptPath}\"", list.PreElement.GetContent(), StringComparison.Ordinal);
        Assert.Contains(
            $"integrity=\"{PlayerAssets.ScriptIntegrity}\" nonce=\"n&#x2B;1\">", list.PreElement.GetContent(), StringComparison.Ordinal);
        Assert.Empty(player.PreElement.GetContent());
        Assert.Equal("/app/session-replay/api", list.Attributes["api"].Value);
        Assert.Equal("/app/session-replay/tenants/{tenant}/sessions/{id}", list.Attributes["href"].Value);
        Assert.Equal("0199", player.Attributes["session"].Value);
        Assert.Equal("/app/session-replay/api", player.Attributes["api"].Value);
    }

    private static TagHelperOutput Run(TagHelper helper, string tag)
    {
        var output = new TagHelperOutput(tag, [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()));
        helper.Process(new TagHelperContext([], new Dictionary<object, object>(), "test"), output);
        return output;
    }
}
