using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SessionReplay.Player.TagHelpers;

/// <summary>Renders the session list: <c>&lt;session-replay-list /&gt;</c>. Other attributes are passed on to the web component.</summary>
[HtmlTargetElement("session-replay-list", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SessionReplayListTagHelper : TagHelper
{
    /// <summary>Gets or sets the request the tag is rendered for.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>Gets or sets where session replay is mounted.</summary>
    /// <value>The default value is <c>/session-replay</c>.</value>
    public string Prefix { get; set; } = "/session-replay";

    /// <summary>Gets or sets the nonce of the script, where the application's Content Security Policy asks for one.</summary>
    /// <value>The default value is <see langword="null"/>: no nonce.</value>
    public string? Nonce { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var prefix = ViewContext.HttpContext.Request.PathBase + Prefix;
        PlayerScript.WriteOnce(ViewContext.HttpContext, output, Nonce);
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("api", $"{prefix}/api");
        if (!output.Attributes.ContainsName("href"))
        {
            output.Attributes.SetAttribute("href", $"{prefix}/tenants/{{tenant}}/sessions/{{id}}");
        }
    }
}
