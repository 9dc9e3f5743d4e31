namespace SessionReplay.Ingest;

/// <summary>The settings that the server sends to a recorder. A recorder takes the stricter of these and its own options.</summary>
public sealed record RecorderSettings
{
    /// <summary>Gets whether pages may record at all.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>Gets the share of sessions to record.</summary>
    /// <value>From 0 to 1. The default value is 1.</value>
    public double SampleRate { get; init; } = 1;

    /// <summary>Gets whether all text is masked, and not only inputs and private elements.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool MaskAllText { get; init; }

    /// <summary>Gets whether pages may record the bodies of requests and answers.</summary>
    /// <value>The default value is <see langword="true"/>: the page's own option, off by default, decides.</value>
    public bool RecordNetworkBodies { get; init; } = true;

    /// <summary>Gets whether pages may record the console.</summary>
    /// <value>The default value is <see langword="true"/>: the page's own option decides.</value>
    public bool RecordConsole { get; init; } = true;

    /// <summary>Gets whether pages may keep images and fonts of their own origin with a recording.</summary>
    /// <value>The default value is <see langword="true"/>: the page's own option, on by default, decides.</value>
    public bool RecordAssets { get; init; } = true;

    /// <summary>Gets whether Do Not Track and Global Privacy Control stop the recorder.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool RespectDoNotTrack { get; init; }
}
