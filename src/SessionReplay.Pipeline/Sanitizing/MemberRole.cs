namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>What the name of a member of a JSON object says of its value.</summary>
internal enum MemberRole
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>The value is a secret.</summary>
    Sensitive,

    /// <summary>The value names what another member of the object holds.</summary>
    PairName,

    /// <summary>The value is the type of a form field.</summary>
    PairType,

    /// <summary>The value says what a browser may fill into a form field.</summary>
    PairAutocomplete,

    /// <summary>The value is a secret if another member of the object says so.</summary>
    PairValue,

    /// <summary>What rrweb calls the text of a stylesheet.</summary>
    Css,
}
