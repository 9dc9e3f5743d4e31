using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using SessionReplay.AspNetCore.RecorderScript;

namespace SessionReplay.AspNetCore.Components;

/// <summary>
/// Records the pages of a Blazor application: write <c>&lt;SessionReplayRecorder /&gt;</c> into the head of <c>App.razor</c>. Any other
/// attribute, for instance <c>nonce</c> or <c>data-network</c>, is written to the script tag as it is.
/// </summary>
public sealed class SessionReplayRecorder : ComponentBase
{
    /// <summary>Gets or sets the write key.</summary>
    /// <value>The default value is <see langword="null"/>: the first write key of the configuration.</value>
    [Parameter]
    public string? WriteKey { get; set; }

    /// <summary>Gets or sets whether the page waits for the visitor's consent.</summary>
    /// <value><c>granted</c> or <c>required</c>; then nothing is captured, stored or sent before the page calls <c>setConsent(true)</c>.
    /// The default value is <see langword="null"/>: <c>granted</c>.</value>
    [Parameter]
    public string? Consent { get; set; }

    /// <summary>Gets or sets the share of sessions to record.</summary>
    /// <value>From 0 to 1. The default value is <see langword="null"/>: 1.</value>
    [Parameter]
    public double? SampleRate { get; set; }

    /// <summary>Gets or sets whether all text is masked, and not only inputs and private elements.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    [Parameter]
    public bool MaskAllText { get; set; }

    /// <summary>Gets or sets the id of the user who is signed in.</summary>
    [Parameter]
    public string? UserId { get; set; }

    /// <summary>Gets or sets the e-mail address of the user; needs <see cref="UserId"/>.</summary>
    [Parameter]
    public string? UserEmail { get; set; }

    /// <summary>Gets or sets the name of the user; needs <see cref="UserId"/>.</summary>
    [Parameter]
    public string? UserName { get; set; }

    /// <summary>Gets or sets the release of the application, shown with the session.</summary>
    [Parameter]
    public string? AppVersion { get; set; }

    /// <summary>Gets or sets further attributes of the script tag.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    [Inject]
    private IServiceProvider Services { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no write key, or session replay was not added.</exception>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
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
        builder.OpenElement(0, "script");
        builder.AddAttribute(1, "async", true);
        builder.AddMultipleAttributes(2, Attributes);
        builder.AddMultipleAttributes(
            3, tag.Attributes(Services, new Uri(Navigation.BaseUri).AbsolutePath.TrimEnd('/'))
                .Select(each => KeyValuePair.Create(each.Name, (object)each.Value)));
        builder.CloseElement();
    }
}
