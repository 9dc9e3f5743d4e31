namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>What a text, or a region of it, is: that decides where the value of a name can stand in it.</summary>
internal enum TextKind
{
    /// <summary>Everything that is not one of the others: prose, URLs, forms, logs, JSON, markup.</summary>
    Data,

    /// <summary>
    /// A program: <c>token = parser.next()</c> names no secret, but <c>token = "8f3a01c2"</c> does. Tags and lines of headers and forms in
    /// it are data (<see cref="DataRegions"/>).
    /// </summary>
    Script,

    /// <summary>A stylesheet: names with values are selectors and properties. Only its URLs hold parameters.</summary>
    Css,
}
