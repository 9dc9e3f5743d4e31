namespace SessionReplay.Pipeline.Batches;

/// <summary>The kinds of markers, rarer and more telling ones first: in this order they are kept when there are too many.</summary>
internal enum MarkerKind
{
    Error,
    RageClick,
    DeadClick,
    Identify,
    Custom,
    Gap,
    NetworkError,
    ConsoleError,
    Server,
    Navigation,
    Performance,
    Click,
}
