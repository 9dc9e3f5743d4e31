namespace SessionReplay.AspNetCore;

/// <summary>Settings that the server gives recorders. A recorder takes the stricter of these and its own options.</summary>
public sealed class RecorderOptions
{
    /// <summary>Gets or sets whether pages may record at all.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets the share of sessions to record.</summary>
    /// <value>From 0 to 1. The default value is 1.</value>
    public double SampleRate { get; set; } = 1;

    /// <summary>Gets or sets whether all text is masked, and not only inputs and private elements.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool MaskAllText { get; set; }

    /// <summary>Gets or sets whether pages may record the bodies of requests and answers.</summary>
    /// <value>The default value is <see langword="true"/>: the page's own option, off by default, decides.</value>
    public bool RecordNetworkBodies { get; set; } = true;

    /// <summary>Gets or sets whether pages may record the console.</summary>
    /// <value>The default value is <see langword="true"/>: the page's own option decides.</value>
    public bool RecordConsole { get; set; } = true;

    /// <summary>Gets or sets whether pages may keep images and fonts of their own origin with a recording.</summary>
    /// <value>The default value is <see langword="true"/>: the page's own option, on by default, decides.</value>
    public bool RecordAssets { get; set; } = true;

    /// <summary>Gets or sets whether Do Not Track and Global Privacy Control stop the recorder.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool RespectDoNotTrack { get; set; }
}
