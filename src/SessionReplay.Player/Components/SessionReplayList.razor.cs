using Microsoft.AspNetCore.Components;

namespace SessionReplay.Player.Components;

/// <summary>
/// Finds sessions: a search form with filters and the list of what was found. Renders the web component <c>session-replay-list</c>.
/// </summary>
public sealed partial class SessionReplayList : ComponentBase
{
    /// <summary>Gets or sets where session replay is mounted.</summary>
    /// <value>The default value is <c>/session-replay</c>.</value>
    [Parameter]
    public string Prefix { get; set; } = "/session-replay";

    /// <summary>Gets or sets the address of a session's page, with <c>{tenant}</c> and <c>{id}</c> in it.</summary>
    /// <value>The default value is <see langword="null"/>: the console's own page.</value>
    [Parameter]
    public string? SessionHref { get; set; }

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
