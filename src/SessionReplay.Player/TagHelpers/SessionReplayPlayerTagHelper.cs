using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SessionReplay.Player.TagHelpers;

/// <summary>
/// Renders the player: <c>&lt;session-replay-player tenant="…" session="…" /&gt;</c>. Other attributes are passed on to the web component;
/// give it a height.
/// </summary>
[HtmlTargetElement("session-replay-player", Attributes = "tenant,session", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SessionReplayPlayerTagHelper : TagHelper
{
    /// <summary>Gets or sets the request the tag is rendered for.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>Gets or sets the session's tenant.</summary>
    public string Tenant { get; set; } = string.Empty;

    /// <summary>Gets or sets the session's id: 32 lower-case hex digits.</summary>
    public string Session { get; set; } = string.Empty;

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
        PlayerScript.WriteOnce(ViewContext.HttpContext, output, Nonce);
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("api", $"{ViewContext.HttpContext.Request.PathBase}{Prefix}/api");
        output.Attributes.SetAttribute("tenant", Tenant);
        output.Attributes.SetAttribute("session", Session);
    }
}
