namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>What stands between the groups of a number. Groups of one number are apart by separators of one kind.</summary>
internal enum GroupSeparator
{
    None,

    /// <summary>Spaces of any width, up to four; as text, percent forms, plus signs or HTML entities.</summary>
    Space,

    /// <summary>A hyphen or a dash of any kind.</summary>
    Dash,

    /// <summary>A dot, a slash or an underscore. These stand in so many other numbers that only the layout of a card counts.</summary>
    Dot,
}
