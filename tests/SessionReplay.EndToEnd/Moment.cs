namespace SessionReplay.EndToEnd;

/// <summary>What a page showed at one moment, in the page's own time.</summary>
internal sealed record Moment(string Name, long Time, string Url, string Dom, string Styles);
