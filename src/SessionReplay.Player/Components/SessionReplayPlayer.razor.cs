using Microsoft.AspNetCore.Components;

namespace SessionReplay.Player.Components;

/// <summary>Plays a session. Renders the web component <c>session-replay-player</c>; give it a height.</summary>
public sealed partial class SessionReplayPlayer : ComponentBase
{
    /// <summary>Gets or sets the session's tenant.</summary>
    [Parameter]
    [EditorRequired]
    public string Tenant { get; set; } = string.Empty;

    /// <summary>Gets or sets the session's id: 32 lower-case hex digits.</summary>
    [Parameter]
    [EditorRequired]
    public string Session { get; set; } = string.Empty;

    /// <summary>Gets or sets where session replay is mounted.</summary>
    /// <value>The default value is <c>/session-replay</c>.</value>
    [Parameter]
    public string Prefix { get; set; } = "/session-replay";

    /// <summary>Gets or sets the address of the link back to the list.</summary>
    /// <value>The default value is <see langword="null"/>: no link.</value>
    [Parameter]
    public string? Back { get; set; }

    /// <summary>Gets or sets the nonce of the script, where the application's Content Security Policy asks for one.</summary>
    /// <value>The default value is <see langword="null"/>: no nonce.</value>
    [Parameter]
    public string? Nonce { get; set; }

    /// <summary>Gets or sets further attributes of the element.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string PathBase => new Uri(Navigation.BaseUri).AbsolutePath.TrimEnd('/');
}
