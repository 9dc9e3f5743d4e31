using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SessionReplay.AspNetCore.RecorderScript;

/// <summary>
/// Renders the script tag that records a page: <c>&lt;session-replay-recorder /&gt;</c>. Any other attribute, for instance <c>nonce</c> or
/// <c>data-network</c>, is written to the script tag as it is.
/// </summary>
[HtmlTargetElement("session-replay-recorder", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SessionReplayRecorderTagHelper : TagHelper
{
    /// <summary>Gets or sets the request the tag is rendered for.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>Gets or sets the write key.</summary>
    /// <value>The default value is <see langword="null"/>: the first write key of the configuration.</value>
    public string? WriteKey { get; set; }

    /// <summary>Gets or sets whether the page waits for the visitor's consent.</summary>
    /// <value><c>granted</c> or <c>required</c>; then nothing is captured, stored or sent before the page calls <c>setConsent(true)</c>.
    /// The default value is <see langword="null"/>: <c>granted</c>.</value>
    public string? Consent { get; set; }

    /// <summary>Gets or sets the share of sessions to record.</summary>
    /// <value>From 0 to 1. The default value is <see langword="null"/>: 1.</value>
    public double? SampleRate { get; set; }

    /// <summary>Gets or sets whether all text is masked, and not only inputs and private elements.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool MaskAllText { get; set; }

    /// <summary>Gets or sets the id of the user who is signed in.</summary>
    public string? UserId { get; set; }

    /// <summary>Gets or sets the e-mail address of the user; needs <see cref="UserId"/>.</summary>
    public string? UserEmail { get; set; }

    /// <summary>Gets or sets the name of the user; needs <see cref="UserId"/>.</summary>
    public string? UserName { get; set; }

    /// <summary>Gets or sets the release of the application, shown with the session.</summary>
    public string? AppVersion { get; set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no write key, or session replay was not added.</exception>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var http = ViewContext.HttpContext;
        var tag = new RecorderTag
        {
            WriteKey = WriteKey,
            Consent = Consent,
            SampleRate = SampleRate,
            MaskAllText = MaskAllText,
            UserId = UserId,
            UserEmail = UserEmail,
            UserName = UserName,
            AppVersion = AppVersion,
        };
        output.TagName = "script";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.Clear();
        output.Attributes.SetAttribute(new TagHelperAttribute("async", null, HtmlAttributeValueStyle.Minimized));
        foreach (var (name, value) in tag.Attributes(http.RequestServices, http.Request.PathBase))
        {
            output.Attributes.SetAttribute(name, value);
        }
    }
}
